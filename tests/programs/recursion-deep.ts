// Recursion ten thousand calls deep, which every stack of ordinary size has room for.

let deepest = 0;
function down(n: number): void {
  if (n > deepest) deepest = n;
  if (n < 10000) down(n + 1);
}
down(1);
console.log(deepest);

function count(n: number): number {
  if (n === 0) return 0;
  return count(n - 1) + 1;
}
console.log(count(10000));

interface Cell {
  next: Cell | null;
}
let list: Cell | null = null;
for (let i = 0; i < 9000; i++) list = { next: list };
function length(cell: Cell | null): number {
  return cell === null ? 0 : 1 + length(cell.next);
}
console.log(length(list));

// The collector must follow a chain far longer than any stack, and nested arrays too.
let chain: any = null;
for (let i = 0; i < 500000; i++) chain = { next: chain, i };
let nested: any = [];
for (let i = 0; i < 300000; i++) nested = [nested];
const garbage: number[][] = [];
for (let i = 0; i < 200000; i++) garbage[i % 100] = [i, i, i, i];
let total = 0;
for (let node = chain; node; node = node.next) total += node.i;
let levels = 0;
for (let node = nested; node.length > 0; node = node[0]) levels++;
console.log(total, levels, garbage.length);

// A rope of many pieces, grown at either end, is flattened without recursion.
let rope = "";
for (let i = 0; i < 300000; i++) rope = rope + "ab";
let left = "";
for (let i = 0; i < 300000; i++) left = "cd" + left;
console.log(rope.length, rope[123456], rope.charCodeAt(599999), left.length, left[1], (rope + left).indexOf("bc"));
