// Destructuring wherever a pattern may stand: declarations, assignments, parameters, loops, catch, with defaults and rests.

const [a, , b = 10, [c, d = a] = [5], ...rest] = [1, 2, undefined, undefined, 6, 7] as any[];
console.log(a, b, c, d, rest);
const { p, q: renamed, r = "default", s: { t = 1, ...inner } = { u: 2 } as any, ["comp" + "uted"]: computed, ...others } = { p: 1, q: 2, s: undefined, computed: 3, x: 4, y: 5 } as any;
console.log(p, renamed, r, t, inner, computed, others);

// Defaults apply to undefined only and are evaluated only then, left to right.
const log: string[] = [];
const fallback = (name: string) => (log.push(name), name);
const { m = fallback("m"), n = fallback("n"), o = fallback("o") } = { m: null, n: undefined } as any;
const [e = fallback("e"), f = e, g = fallback("g")] = [undefined, undefined, 0] as any[];
console.log(m, n, o, e, f, g, log);

// Assignment patterns: swapping, members, indices, and the value of the assignment.
let i = 1, j = 2;
[i, j] = [j, i];
const target: any = { list: [] };
[target.first, target["second"], target.list[1], ...target.rest] = "abcde";
({ i, k: target.k, l: [target.l] = [9] } = { i: 100, k: 5 } as any);
const value = ([i] = [7, 8, 9]);
console.log(i, j, target, value);
const fib: number[] = [];
for (let [x, y] = [0, 1]; x < 50; [x, y] = [y, x + y]) fib.push(x);
console.log(fib.join(" "));
const sorted = [3, 1, 2];
for (let u = 0; u < 2; u++) for (let v = 0; v < 2; v++) if (sorted[v] > sorted[v + 1]) [sorted[v], sorted[v + 1]] = [sorted[v + 1], sorted[v]];
console.log(sorted);

// Any iterable on the right of an array pattern; only as many as needed are taken.
let taken = 0;
let closed = 0;
const endless = {
  [Symbol.iterator]: () => ({
    next: () => ({ value: ++taken, done: false }),
    return: () => (closed++, {}) as any,
  }),
};
const [one, , three] = endless;
console.log(one, three, taken, closed);
const [h, ...tail] = "h😀y";
const [[k1, v1], [k2]] = new Map([["first", 1], ["second", 2]]);
const [only] = new Set([42]);
console.log(h, tail, k1, v1, k2, only, (([] = endless), closed));

// In loops and parameters and catch.
for (const { id, tags: [first = "none"] = [] } of [{ id: 1, tags: ["x"] }, { id: 2 }, { id: 3, tags: [] }] as any[]) log.push(id + first);
for (const [key, { length }] of Object.entries({ ab: "abc", cd: "" })) log.push(key + length);
for (const key in { xy: 1, zw: 2 }) [, log[log.length]] = key;
try {
  throw { code: 42, detail: { reason: "thrown" } };
} catch ({ code, detail: { reason } }: any) {
  log.push(reason + code);
}
console.log(log.slice(5));
const distance = ([x1, y1]: number[], { x: x2, y: y2 } = { x: 0, y: 0 }) => Math.hypot(x1 - x2, y1 - y2);
console.log(distance([3, 4]), distance([3, 4], { x: 3, y: 0 }));
const { length } = "four";
const { min, max } = Math;
const { 0: zeroth, [1]: oneth } = ["zero", "one"];
console.log(length, min(1, 2), max(1, 2), zeroth, oneth);
const { ...clone } = { a: 1, b: { c: 2 } };
const { a: gone, ...without } = clone;
console.log(clone, without, without.b === clone.b, gone);

// Getters run once each; objects of classes give fields and prototype accessors, but the rest takes own ones only.
class Source {
  own = 1;
  other = 2;
  get virtual() {
    log.push("get");
    return 3;
  }
}
const before = log.length;
const { own, virtual, ...left } = new Source();
console.log(own, virtual, left, log.length - before);

// What can't be destructured.
for (const attempt of [
  () => { const { y } = undefined as any; },
  () => { const { y } = null as any; },
  () => { const {} = null as any; },
  () => { const [y] = undefined as any; },
  () => { const [y] = {} as any; },
  () => { const [y] = 5 as any; },
  () => { const { y: { z } } = { y: undefined } as any; },
  () => (({ w }: any) => w)(undefined),
  () => { for (const [y] of [1] as any) y; },
]) {
  try {
    console.log(attempt());
  } catch (error) {
    console.log((error as Error).name);
  }
}
const { length: ofNumber, toFixed } = 5 as any;
console.log(ofNumber, typeof toFixed);
