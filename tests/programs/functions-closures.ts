// Closures: captured variables are shared, loop variables are fresh in each turn, and captures survive their function.

function counter(start = 0) {
  let value = start;
  return { next: () => ++value, reset: () => (value = start), peek: () => value };
}
const first = counter();
const second = counter(10);
first.next();
first.next();
second.next();
console.log(first.peek(), second.peek(), first.reset(), first.next(), second.peek());

// `let` gives each turn its own variable, `var` one for all.
const lets: (() => number)[] = [];
for (let i = 0; i < 3; i++) lets.push(() => i);
var vars: (() => number)[] = [];
for (var j = 0; j < 3; j++) vars.push(() => j);
console.log(lets.map((f) => f()), vars.map((f) => f()), j);

// A closure made in the header or changed in the body sees the copy of its own turn.
const steps: (() => number)[] = [];
for (let i = 0, peek = () => i; i < 6; i++) {
  steps.push(() => i * 10, peek);
  i++;
}
console.log(steps.map((f) => f()));
const modified: (() => number)[] = [];
for (let i = 0; i < 3; i++) {
  modified.push(() => i++);
}
console.log(modified.map((f) => f()), modified.map((f) => f()), modified[1]());

// for-of, for-in and while bodies too.
const keys: (() => string)[] = [];
for (const key in { a: 1, b: 2 }) keys.push(() => key);
for (const value of ["x", "y"]) keys.push(() => value);
let n = 0;
while (n < 2) {
  const square = n * n;
  let mutable = n;
  keys.push(() => `${square}:${mutable++}`);
  n++;
}
console.log(keys.map((f) => f()), keys.map((f) => f()).slice(-2));

// Currying and composition.
const add = (a: number) => (b: number) => (c: number) => a + b + c;
const compose = <T>(...functions: ((value: T) => T)[]) => (value: T) => functions.reduceRight((result, f) => f(result), value);
console.log(add(1)(2)(3), compose<number>((x) => x + 1, (x) => x * 2, (x) => x - 3)(10));
const curry = (f: Function, ...bound: any[]): any => (...more: any[]) => {
  const all = [...bound, ...more];
  return all.length >= f.length ? f(...all) : curry(f, ...all);
};
const volume = curry((w: number, h: number, d: number) => w * h * d);
console.log(volume(2)(3)(4), volume(2, 3)(4), volume(2)(3, 4), volume(2, 3, 4));

// Four levels of nesting that all change the same variable; parameters can be captured as well.
function outer(parameter: number) {
  let shared = 1;
  function middle() {
    shared *= 2;
    return () => {
      shared += parameter;
      parameter++;
      return () => `${shared} ${parameter}`;
    };
  }
  const inner = middle();
  const last = inner();
  inner();
  middle();
  return [last(), shared, parameter];
}
console.log(outer(5));

// Memoisation, a recursive closure, and an immediately invoked function.
const memo = new Map<number, number>();
const fibonacci = (n: number): number => {
  if (n < 2) return n;
  const known = memo.get(n);
  if (known !== undefined) return known;
  const result = fibonacci(n - 1) + fibonacci(n - 2);
  memo.set(n, result);
  return result;
};
console.log(fibonacci(90), memo.size, (function (n) { return n * 2; })(21), (() => ({ literal: true }))());

// Arrow functions keep `this` of where they are written.
const owner = {
  items: [1, 2],
  factor: 3,
  scaled() {
    return this.items.map((item) => [1].map(() => item * this.factor)[0]);
  },
  detached: () => typeof this,
};
console.log(owner.scaled(), owner.detached());

// A closure in a catch block and in a switch keeps its block's variable.
const saved: (() => string)[] = [];
for (const input of [1, 2, 3]) {
  try {
    if (input === 2) throw new Error("two");
    saved.push(() => "ok" + input);
  } catch (error) {
    saved.push(() => (error as Error).message + input);
  }
  switch (input) {
    case 3:
      let local = "case" + input;
      saved.push(() => local);
  }
}
console.log(saved.map((f) => f()));
