// The messages of common faults, word for word.

const nothing: any = undefined;
const empty: any = null;
const object: any = { name: "object", inner: {}, number: 5, nothing: null, list: [1], text: "abc", method() { return this; } };
const list: any = [1, 2];
const number: any = 42;
class Thing {
  #secret = 1;
  value: any = 1;
  static peek(other: any) {
    return other.#secret;
  }
}
const thing: any = new Thing();
const indexed: any = "key";

const faults: [string, () => unknown][] = [
  ["read of undefined", () => nothing.property],
  ["read of null", () => empty.property],
  ["read of a member", () => object.missing.property],
  ["read by index", () => nothing[0]],
  ["read by key", () => object.nothing[indexed]],
  ["write to undefined", () => (nothing.property = 1)],
  ["write to null by index", () => (empty[3] = 1)],
  ["write to a member", () => (object.missing.property = 1)],
  ["call of undefined", () => nothing()],
  ["call of a number", () => number()],
  ["call of a missing method", () => object.missing()],
  ["call of a missing method of a member", () => object.inner.missing()],
  ["call of a method of undefined", () => nothing.method()],
  ["call of a method of null", () => object.nothing.method()],
  ["call of a property that is no function", () => object.number()],
  ["call through a class instance", () => thing.value()],
  ["new of undefined", () => new nothing()],
  ["new of a member", () => new object.inner()],
  ["new of an arrow", () => { const arrow: any = () => 1; return new arrow(); }],
  ["new of a method", () => new object.method()],
  ["class without new", () => (Thing as any)()],
  ["private of another", () => Thing.peek({})],
  ["in with a string", () => "x" in object.text],
  ["in with undefined", () => "x" in nothing],
  ["instanceof a number", () => object instanceof number],
  ["instanceof an object", () => list instanceof object],
  ["frozen property", () => { const frozen: any = Object.freeze({ a: 1 }); frozen.a = 2; }],
  ["frozen addition", () => { const frozen: any = Object.freeze({ a: 1 }); frozen.b = 2; }],
  ["frozen deletion", () => { const frozen: any = Object.freeze({ a: 1 }); delete frozen.a; }],
  ["frozen array", () => { const frozen: any = Object.freeze([1]); frozen.push(2); }],
  ["getter without setter", () => { const readonly: any = { get only() { return 1; } }; readonly.only = 2; }],
  ["reduce of nothing", () => [].reduce((a) => a)],
  ["callback that is none", () => list.map(5)],
  ["callback that is missing", () => list.forEach()],
  ["sort with a number", () => list.sort(5)],
  ["symbol to text", () => "a" + (Symbol("s") as any)],
  ["Map of a number", () => new Map(5 as any)],
  ["Map of numbers", () => new Map([1] as any)],
  ["Map without new", () => (Map as any)()],
  ["method on the wrong object", () => Map.prototype.get.call({} as any, 1)],
  ["prototype of a number", () => Object.create(5 as any)],
  ["prototype cycle", () => { const a: any = {}; const b = Object.create(a); Object.setPrototypeOf(a, b); }],
  ["defineProperty twice", () => { const a: any = {}; Object.defineProperty(a, "x", { value: 1 }); Object.defineProperty(a, "x", { value: 2 }); }],
  ["keys of undefined", () => Object.keys(nothing)],
  ["repeat", () => "x".repeat(-2)],
  ["array length", () => new Array(1.5)],
  ["radix", () => number.toString(99)],
  ["WeakMap key", () => new WeakMap().set(1 as any, 1)],
];
for (const [label, fault] of faults) {
  try {
    console.log(label, "=> no fault:", fault());
  } catch (error) {
    const { name, message, constructor } = error as Error;
    console.log(label, "=>", name + ":", message, constructor.name === name && error instanceof Error ? "" : "(wrong class)");
  }
}
