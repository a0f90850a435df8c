// Deep recursion that must work, and endless recursion that must end in a RangeError that can be caught.

function depth(n: number): number {
  return n === 0 ? 0 : 1 + depth(n - 1);
}
console.log(depth(5000));

const sumTo = (n: number): number => (n < 1 ? 0 : n + sumTo(n - 1));
console.log(sumTo(5000));

class Chain {
  next: Chain | null = null;
  constructor(readonly value: number) {}
  sum(): number {
    return this.value + (this.next ? this.next.sum() : 0);
  }
}
let head: Chain | null = null;
for (let i = 1; i <= 4000; i++) {
  const link = new Chain(i);
  link.next = head;
  head = link;
}
console.log(head!.sum());

const even = (n: number): boolean => n === 0 || odd(n - 1);
const odd = (n: number): boolean => n !== 0 && even(n - 1);
console.log(even(6000), odd(6000));

function ackermann(m: number, n: number): number {
  if (m === 0) return n + 1;
  return n === 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}
console.log(ackermann(2, 300), ackermann(3, 6));

// Too deep: each of these overflows, is caught, and leaves the program intact.
let level = 0;
function endless(): number {
  level++;
  return endless() + 1;
}
const grow = (list: number[]): number => grow([...list.slice(-3), list.length]) + 1;
class Loop {
  get self(): any {
    return this.self;
  }
  toString(): string {
    return `${this}`;
  }
  method(...args: number[]): number {
    return this.method(...args.slice(-2), 1) + args.length;
  }
}
const mutual = [() => mutual[1]() + 1, () => mutual[0]() + 1] as (() => number)[];
const attempts: [string, () => unknown][] = [
  ["function", endless],
  ["closure", () => grow([1])],
  ["getter", () => new Loop().self],
  ["toString", () => String(new Loop())],
  ["mutual", () => mutual[0]()],
  ["callback", () => { const f = (x: number): number => [x].map(f)[0]; return f(1); }],
  ["sort", () => { const f = (): number => [2, 1].sort(f)[0]; return f(); }],
  ["constructor", () => { class Endless { inner: Endless = new Endless(); } return new Endless(); }],
];
for (const [label, attempt] of attempts) {
  try {
    console.log(label, "returned", typeof attempt());
  } catch (error) {
    const { name, message } = error as Error;
    console.log(label, name, message, error instanceof RangeError);
  }
}
console.log(level > 1000, depth(4000));

// finally blocks run on the way out, and handlers near the end of the stack work.
let finallyRuns = 0;
let caughtInside = 0;
function unwinding(n: number): number {
  try {
    return unwinding(n + 1) + 1;
  } finally {
    finallyRuns++;
  }
}
function handling(n: number): number {
  try {
    return handling(n + 1);
  } catch (error) {
    caughtInside++;
    return n;
  }
}
try {
  unwinding(0);
} catch (error) {
  console.log((error as Error).name, finallyRuns > 500);
}
console.log(handling(0) > 500, caughtInside >= 1);

// Again and again.
let overflows = 0;
for (let i = 0; i < 20; i++) {
  try {
    endless();
  } catch {
    overflows++;
  }
}
console.log(overflows);
