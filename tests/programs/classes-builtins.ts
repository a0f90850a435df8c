// Classes that extend Error, Array, Map and Set, and stay both.

class ValidationError extends Error {
  name = "ValidationError";
  constructor(readonly field: string, message: string, options?: { cause: unknown }) {
    super(`${field}: ${message}`, options);
  }
}
class RangeValidationError extends ValidationError {
  override name = "RangeValidationError";
  constructor(field: string, readonly limit: number) {
    super(field, `must be at most ${limit}`);
  }
}
class Plain extends TypeError {}

for (const make of [
  () => new ValidationError("age", "is missing"),
  () => new RangeValidationError("size", 10),
  () => new Plain("plain"),
  () => new ValidationError("wrapped", "failed", { cause: new RangeError("inner") }),
  () => RangeError("without new"),
]) {
  try {
    throw make();
  } catch (error) {
    const e = error as any;
    console.log(e.name, "|", e.message, "|", String(e), "|", e instanceof ValidationError, e instanceof TypeError, e instanceof Error);
    console.log(Object.keys(e), e.constructor.name, e.cause?.message, "stack" in e, Object.prototype.toString.call(e), e.hasOwnProperty("message"));
  }
}
const empty = new Error();
console.log(empty.message === "", String(empty), empty.hasOwnProperty("message"), Error.prototype.name, new Plain("x").name, Error("e") instanceof Error);
const renamed = new Error("text");
renamed.name = "Custom";
renamed.message = "changed";
console.log(`${renamed}`, String(Object.assign(new Error("m"), { name: "" })), Object.getPrototypeOf(RangeError) === Error);

class Stack<T> extends Array<T> {
  label = "stack";
  peek(): T | undefined {
    return this[this.length - 1];
  }
  get empty() {
    return this.length === 0;
  }
  override push(...items: T[]) {
    return super.push(...items) * 100;
  }
}
const stack = new Stack<number>();
console.log(stack.push(1, 2, 3), stack.length, stack.peek(), stack.empty, stack.pop(), stack instanceof Array, Array.isArray(stack), stack);
const mapped = stack.map((x) => x * 10);
console.log(mapped instanceof Stack, mapped.peek(), mapped.label, stack.filter((x) => x > 1).constructor.name, stack.slice(0, 1), [...stack], stack.concat([9]).length);
stack.length = 0;
console.log(stack.empty, stack, new Stack(3).length, Stack.from([4, 5]).peek(), Stack.of(7) instanceof Stack);

class DefaultMap<K, V> extends Map<K, V> {
  constructor(private make: (key: K) => V, entries: [K, V][] = []) {
    super(entries);
  }
  override get(key: K): V {
    if (!this.has(key)) this.set(key, this.make(key));
    return super.get(key)!;
  }
}
const lengths = new DefaultMap<string, number>((key) => key.length, [["preset", -1]]);
console.log(lengths.get("hello"), lengths.get("preset"), lengths.size, [...lengths], lengths instanceof Map, [...lengths.keys()]);

class CaselessSet extends Set<string> {
  override add(value: string) {
    return super.add(value.toLowerCase());
  }
  override has(value: string) {
    return super.has(value.toLowerCase());
  }
  union2(other: Iterable<string>) {
    const result = new CaselessSet(this);
    for (const value of other) result.add(value);
    return result;
  }
}
const set = new CaselessSet(["A", "b"]).add("B").add("C");
console.log(set.size, set.has("c"), [...set], set, [...set.union2(["D", "a"])].join());

// A class with Symbol.toPrimitive, toStringTag, hasInstance and species of its own.
class Money {
  constructor(readonly cents: number) {}
  get [Symbol.toStringTag]() {
    return "Money";
  }
  [Symbol.toPrimitive](hint: string) {
    return hint === "string" ? `$${(this.cents / 100).toFixed(2)}` : this.cents;
  }
  static [Symbol.hasInstance](value: any) {
    return typeof value?.cents === "number";
  }
}
const five: any = new Money(500);
console.log(`${five}`, five + 1, five > new Money(499), Object.prototype.toString.call(five), ({ cents: 1 }) instanceof Money, five);
