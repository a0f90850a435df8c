// Allocates several hundred megabytes of short-lived objects, arrays, strings, closures and map entries while a live
// structure is kept and changed; the checksums show that nothing live was lost and nothing was mixed up.

class Item {
  previous: Item | null = null;
  readonly tags: string[];
  constructor(readonly id: number, readonly payload: { value: number; text: string }) {
    this.tags = ["tag" + (id % 7), `n${id}`];
  }
  check(): number {
    return this.payload.value + this.payload.text.length + this.tags.length + this.tags[1].length;
  }
}

// A ring of 2,000 live items, replaced one by one; each knows its predecessor for a while.
const ring: Item[] = [];
const byId = new Map<number, Item>();
let checksum = 0;
for (let i = 0; i < 300000; i++) {
  const item = new Item(i, { value: i * 2, text: "text " + i });
  const slot = i % 2000;
  const old = ring[slot];
  if (old !== undefined) {
    checksum = (checksum + old.check()) % 1000000007;
    byId.delete(old.id);
    if (old.previous) old.previous = null;
  }
  item.previous = ring[(slot + 1999) % 2000] ?? null;
  ring[slot] = item;
  byId.set(i, item);
}
console.log(checksum, byId.size, ring.length, ring.every((item) => byId.get(item.id) === item), ring[1234].previous!.id);

// Strings: garbage ropes, slices that outlive their source.
const slices: string[] = [];
let length = 0;
for (let i = 0; i < 3000; i++) {
  let text = "";
  for (let j = 0; j < 100; j++) text += String.fromCharCode(97 + ((i + j) % 26)) + j;
  length += text.length;
  if (i % 100 === 0) slices.push(text.slice(i % 50, (i % 50) + 8));
}
console.log(length, slices.length, slices.join(",").length, slices[0], slices[29]);

// Closures that capture variables of their own turn; only every thousandth survives.
const survivors: (() => string)[] = [];
for (let i = 0; i < 200000; i++) {
  let calls = 0;
  const garbage = [i, i + 1, i + 2];
  const closure = () => `${i}:${++calls}:${garbage.length}`;
  if (i % 1000 === 0) survivors.push(closure);
  else closure();
}
console.log(survivors.length, survivors.map((f) => f()).join(" ").length, survivors[7](), survivors[7](), survivors[199]());

// Trees: a long-lived one stays while short-lived ones come and go.
type Tree = { left: Tree; right: Tree } | null;
const build = (depth: number): Tree => (depth === 0 ? null : { left: build(depth - 1), right: build(depth - 1) });
const count = (tree: Tree): number => (tree === null ? 1 : count(tree.left) + count(tree.right));
const longLived = build(16);
let nodes = 0;
for (let i = 0; i < 200; i++) nodes += count(build(10));
console.log(nodes, count(longLived));

// Arrays that grow and are dropped, holders of holders, cycles.
let kept: any = { round: -1, inner: null };
for (let round = 0; round < 200; round++) {
  const numbers: number[] = [];
  for (let i = 0; i < 5000; i++) numbers.push(i * round);
  const node: any = { round, numbers: numbers.slice(-3), inner: round % 10 === 0 ? kept : kept.inner };
  node.self = node;
  node.list = [node, [node]];
  kept = node;
}
let chain = 0;
for (let node = kept; node; node = node.inner) chain += node.round + (node.numbers?.[2] ?? 0);
console.log(chain, kept.self === kept, kept.list[1][0].round);

// Maps and sets with object keys, and many dynamic properties.
const live = new Map<object, number>();
const keys: object[] = [];
for (let i = 0; i < 50000; i++) {
  const key = { i };
  live.set(key, i);
  keys.push(key);
  if (keys.length > 500) live.delete(keys.shift()!);
}
let sum = 0;
for (const [key, value] of live) sum += (key as any).i === value ? value : NaN;
const table: Record<string, number[]> = {};
for (let i = 0; i < 60000; i++) {
  table["k" + (i % 300)] = [i];
  if (i % 7 === 0) delete table["k" + ((i * 13) % 300)];
}
console.log(live.size, sum, Object.keys(table).length, Object.values(table).reduce((total, [value]) => total + value, 0));

// Exceptions and iterators are garbage too.
let messages = 0;
for (let i = 0; i < 30000; i++) {
  try {
    if (i % 3 === 0) throw new RangeError("message " + i);
    for (const [a, b] of [[i, 1], [i, 2]]) messages += b;
  } catch (error) {
    messages += (error as Error).message.length;
  }
}
console.log(messages);
