// Numbers through every kind of call: parameters, results, fields, captured variables, callbacks, and faults on the way.

function half(x: number): number {
  return x / 2;
}
function pick(a: number, b: number, first: boolean): number {
  return first ? a : b;
}
function guarded(x: number, limit: number): number {
  if (x > limit) throw new RangeError(`${x} > ${limit}`);
  return x;
}
function safe(x: number, limit: number): number {
  try {
    return guarded(x, limit) * 10;
  } catch (error) {
    return -1;
  } finally {
    calls++;
  }
}
let calls = 0;
console.log(half(7), half(-0), half(NaN), half(1e308) * 4, pick(1.5, 2, true), pick(1.5, 2, false), safe(1, 2), safe(3, 2), calls);

// The same function called directly, through a variable, as a callback, bound, as a method and with apply.
const through: (x: number) => number = half;
const box = { half, twice: (x: number): number => x * 2, offset: 0.5, add(x: number): number { return x + this.offset; } };
console.log(through(5), [1, 2, 3].map(half), half.bind(null, 9)(), box.half(3), half.call(undefined, 4), half.apply(null, [6]), box["twice"](4), box.add(1));
const apply = <T, R>(f: (value: T) => R, value: T): R => f(value);
console.log(apply(half, 10), apply((s: string) => s.length, "four"));

// Optional and default parameters are numbers or undefined.
const optional = (a: number, b?: number, c: number = b ?? 7): string => `${a} ${b} ${c}`;
console.log(optional(1), optional(1, 2), optional(1, undefined, 3), optional(1, 0, undefined));
function clamp(value: number, { low = 0, high = 1 }: { low?: number; high?: number } = {}): number {
  return value < low ? low : value > high ? high : value;
}
console.log([-1, 0.25, 2].map((value) => clamp(value)), clamp(5, { high: 3 }), clamp(-5, { low: -2 }), clamp(NaN));

// Variables that are numbers at one time and something else at another.
let changing: any = 1;
const kinds: string[] = [];
for (let i = 0; i < 6; i++) {
  kinds.push(`${typeof changing}:${changing}`);
  changing = i % 3 === 0 ? changing + 0.5 : i % 3 === 1 ? `${changing}` : changing.length;
}
console.log(kinds.join(" "));
let maybe: number | null = null;
let largest: number | undefined;
for (const n of [3, 9, 2]) {
  maybe = maybe === null ? n : maybe + n;
  if (largest === undefined || n > largest) largest = n;
}
console.log(maybe, largest);
const union = (x: number | string): number => (typeof x === "number" ? x : x.length);
console.log(union(4.5), union("text"), [1, "two", 3].map(union), union("") || "zero is false", (union("") && "never") === 0);

// Integers that leave the range of 32 and of 53 bits; sums whose order matters; loops downwards and by fractions.
function grow(start: number, factor: number, turns: number): number[] {
  const seen: number[] = [];
  for (let x = start, i = 0; i < turns; i++, x *= factor) seen.push(x);
  return seen;
}
console.log(grow(1, 1000, 9), grow(2147483647, -1, 3), grow(1, 0.1, 4));
let down = 0;
for (let i = 10; i > 0; i -= 3) down = down * 10 + i;
for (let i = 5; i--; ) down += i;
let fraction = 0;
for (let x = 0; x < 1; x += 0.1) fraction++;
let unsigned = 0;
for (let i = 4294967290; i <= 4294967300; i++) unsigned += i % 4294967296;
console.log(down, fraction, unsigned, 0x7fffffff + 0x7fffffff, -0x80000000 - 1, 46341 * 46341, 3037000500 * 3037000500);

// As conditions, with every operator, mixed with booleans.
const flag = (n: number): string => (n ? "t" : "f") + (!n ? "t" : "f") + (n && "t") + (n || "f") + (n ?? "n") + (n == 0) + (n != 0) + (n > 0 === true);
console.log([0, -0, NaN, 1, -1, Infinity].map(flag).join(" "));
console.log(+(3 > 2) + +(2 > 3), (true as any) + (true as any), (1 as any) + true, 5 - (false as any), [10, 9, 1].map((n) => +(n > 5)).join(""));

// Number fields and captured numbers that change.
class Meter {
  static total = 0;
  #reading = 0;
  scale = 2;
  constructor(private base: number = 10) {}
  add(amount: number): this {
    this.#reading += amount * this.scale;
    Meter.total += amount;
    return this;
  }
  get value(): number {
    return this.base + this.#reading;
  }
  set value(next: number) {
    this.#reading = next - this.base;
  }
}
const meter = new Meter().add(1).add(0.25);
meter.value += 100;
meter.value++;
console.log(meter.value, Meter.total, new Meter(-1).value, meter.value++, --meter.value);
function accumulator(): [(by: number) => number, () => number] {
  let sum = 0;
  let count = 0;
  return [(by) => ((sum += by), (count += 1), sum / count), () => count];
}
const [average, count] = accumulator();
console.log(average(1), average(2), average(6), count());

// A result that is not used, a chain of calls, mutual recursion, and exceptions through number frames.
half(1);
function collatz(n: number, steps: number): number {
  return n === 1 ? steps : n % 2 === 0 ? collatz(half(n), steps + 1) : collatz(3 * n + 1, steps + 1);
}
function hofstadterF(n: number): number {
  return n === 0 ? 1 : n - hofstadterM(hofstadterF(n - 1));
}
function hofstadterM(n: number): number {
  return n === 0 ? 0 : n - hofstadterF(hofstadterM(n - 1));
}
console.log(collatz(27, 0), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(hofstadterF).join(""), half(half(half(100))));
const nested = (depth: number): number => (depth === 0 ? guarded(2, 1) : nested(depth - 1) + 1);
let reached = 0;
try {
  reached = 1;
  reached = nested(10) + (reached = 5);
} catch (error) {
  console.log((error as Error).message, reached);
}
const results = [1, 2, 3, 4].map((n) => {
  try {
    return guarded(n * n, 8) + 0.5;
  } catch {
    return NaN;
  }
});
console.log(results, results.filter(Number.isNaN).length, Math.max(...results.slice(0, 2)));
