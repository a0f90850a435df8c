// How console.log shows objects: nesting depth, the line width of 72, keys, accessors, cycles, prototypes, symbols.

console.log({}, { a: 1 }, { a: { b: { c: {} } } }, { a: { b: { c: { d: 1 } } } }, { a: { b: { c: [] } } }, { a: { b: { c: [1] } } });
console.log({ a: [[[[1]]]], b: [[[]]], f: [[[() => 1]]] });

// Short objects stay on one line up to the width, then break; four or more levels always break.
console.log({ alpha: 1, beta: 2, gamma: 3, delta: 4, epsilon: 5, zeta: 6, eta: 7 });
console.log({ alpha: 10000, beta: 20000, gamma: 30000, delta: 40000, eps: 5, z: 6 });
console.log({ alpha: 10000, beta: 20000, gamma: 30000, delta: 40000, epsi: 5, z: 6 });
console.log({ key: "x".repeat(60) }, { key: "x".repeat(61) }, { in: { key: "x".repeat(58) } }, { in: { key: "x".repeat(57) } });
console.log({ key: "a string of exactly the length that will fit on a line" });
console.log({ key: "a string that makes the whole object longer than seventy-two characters wide" });
console.log({ first: "a string that is fairly long", second: "another that is fairly long" });
console.log({ level1: { level2: { level3: "deep" } } });
console.log({ level1: { level2: { level3: "deep", more: [1, 2, 3] }, sibling: true }, last: "end" });
console.log({ user: { name: "Ann", address: { city: "Paris", geo: { lat: 48.8, lon: 2.3 } } }, tags: ["a", "b"] });
console.log([{ id: 1, name: "one" }, { id: 2, name: "two" }, { id: 3, name: "three", extra: { nested: [1, [2, [3]]] } }]);
console.log({ text: "line one\nline two", long: "word ".repeat(20) });
console.log("prefix:", { a: 1, b: "two" }, [1, { c: 3 }], "suffix");

// Cycles.
const cycle: any = { name: "cycle", list: [] };
cycle.self = cycle;
cycle.list.push(cycle, { back: cycle.list });
console.log(cycle);
const left: any = { side: "left" };
const right: any = { side: "right", other: left };
left.other = right;
console.log([left, right]);
const shared = { shared: true };
console.log({ one: shared, two: shared });

// Accessors, symbols as keys, non-enumerable properties, prototypes.
console.log({ get a() { return 1; }, set b(v: number) {}, get c() { return 1; }, set c(v: number) {}, [Symbol("key")]: "symbol", [Symbol.iterator]: null });
console.log(Object.create(null), Object.create({ inherited: 1 }), Object.create({ constructor: 5 }), Object.create(Array.prototype));
class Base {
  base = 1;
}
class Derived extends Base {
  derived = { inner: new Base() };
  #hidden = 2;
  get computed() {
    return this.#hidden;
  }
}
class Bare {}
console.log(new Derived(), [new Base(), new Bare()], { d: new Derived() }, new Bare());
console.log({ deep: { er: { object: new Derived(), bare: new Bare(), list: [1], empty: [], map: new Map([[1, 2]]), f() {} } } });
const nameless = new (class {
  x = 1;
})();
console.log(nameless, Object.setPrototypeOf({ a: 1 }, Base.prototype), Object.setPrototypeOf({ a: 1 }, { b: 2 }), Object.assign(Object.create(Derived.prototype), { z: 1 }));
class Tagged {
  get [Symbol.toStringTag]() {
    return "Label";
  }
  v = 1;
}
console.log(new Tagged(), { [Symbol.toStringTag]: "Plain", a: 1 });

// Undefined values, long keys, many keys.
console.log({ a: undefined, b: null, c: [undefined, null], d: { e: undefined } });
const many: Record<string, number> = {};
for (let i = 0; i < 30; i++) many["key" + i] = i;
console.log(many);
console.log({ "a long quoted key with spaces": { another: "value of some length", third: "value" }, short: [1, 2, 3] });
console.log({ f: function named() {}, g: function () {}, h: class H extends Base {}, i: Symbol("in object"), j: new Error("x").message });
