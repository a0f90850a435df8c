// Array methods that change the array, holes, length, and indices that are no indices.

const a = [1, 2, 3];
console.log(a.push(4, 5), a, a.pop(), a.shift(), a, a.unshift(-1, 0), a, a.length);
console.log([].pop(), [].shift(), a.push(), a.unshift());

// splice in all its forms.
const s = [0, 1, 2, 3, 4, 5];
console.log(s.splice(1, 2), s, s.splice(-2), s, s.splice(1, 0, "x" as any, "y" as any), s, s.splice(0), s, s.splice(5, 1, 9), s);
const t = ["a", "b", "c"];
console.log((t as any).splice(), t.splice(1, 100, "B"), t, t.splice(-100, 1), t, t.splice(1, undefined as any, "kept"), t);

console.log([3, 1, 2].reverse(), [1, 2, 3, 4, 5].fill(0, 1, 3), [1, 2, 3].fill(9, -1), new Array(3).fill("x"), [1, 2, 3, 4, 5].copyWithin(0, 3), [1, 2, 3, 4, 5].copyWithin(1, 0, 3));

// sort: as text by default, undefined last, holes after that, in place.
console.log([10, 9, 1, 100, -1].sort(), [10, 9, 1, 100, -1].sort((x, y) => x - y), ["b", undefined, "a", , "c"].sort(), [true, false, null, "null"].sort());
const same = [3, 2, 1];
console.log(same.sort() === same, same, [1, 2, 3].sort(() => 0), [2, 1].sort(undefined));

// length can be set, cuts off, and makes holes.
const l = [1, 2, 3, 4];
l.length = 2;
console.log(l, l[2], l.length);
l.length = 4;
console.log(l, l.indexOf(undefined as any), 3 in l, l.join("-"));
l[6] = 7;
console.log(l, l.length, Object.keys(l));
delete l[0];
console.log(l, l.length, 0 in l, l[0]);
for (const bad of [-1, 1.5, 2 ** 32, "x"] as any[]) {
  try {
    l.length = bad;
  } catch (error) {
    console.log((error as Error).name, (error as Error).message);
  }
}
try {
  new Array(-1);
} catch (error) {
  console.log((error as Error).name, (error as Error).message);
}

// Keys that are no indices are properties and do not count.
const odd: any = [1];
odd[-1] = "minus";
odd["01"] = "leading zero";
odd["1"] = "index";
odd[1.5] = "fraction";
odd.name = "named";
console.log(odd, odd.length, odd[-1], odd["01"], Object.keys(odd), odd.slice());

// Holes: forEach and friends skip them, iteration, find and includes see undefined.
const holes = [1, , 3, , 5];
const visited: any[] = [];
holes.forEach((value, index) => visited.push(index));
console.log(holes, holes.length, visited, holes.map((x) => x! * 2), holes.filter(() => true), holes.reduce((x, y) => x! + y!));
console.log([...holes], holes.find((x) => x === undefined), holes.findIndex((x) => x === undefined), holes.every((x) => x! > 0), holes.some((x) => x === undefined));
console.log([, ,].length, [, "x"], Array(3), new Array(2, 3), Array.of(3), Array.from({ length: 2 }), [...Array(2).keys()], holes.flat(), holes.concat([, 6] as any));
for (const index in holes) visited.push(index);
console.log(visited, holes.indexOf(3), holes.lastIndexOf(undefined as any), Object.entries(holes));

// Changing an array while it is walked.
const growing = [1, 2, 3];
const walked: number[] = [];
for (const value of growing) {
  walked.push(value);
  if (growing.length < 6) growing.push(value * 10);
}
growing.forEach((value, index) => {
  if (index === 0) growing.length = 3;
  walked.push(-value);
});
console.log(walked, growing);

// A large array far from dense, and one that grows by a hundred thousand.
const sparse: number[] = [];
sparse[1000000] = 1;
console.log(sparse.length, sparse.indexOf(1), sparse[5], Object.keys(sparse).length);
const big: number[] = [];
for (let i = 0; i < 100000; i++) big[i] = i;
while (big.length > 10) big.shift(), big.pop();
console.log(big);
