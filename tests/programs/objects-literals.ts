// Object literals, key order, computed keys, spread, delete, `in`, for-in, and property enumeration.

const key = "dyn";
const x = 1;
const object: any = { x, "quoted key": 2, [key + "amic"]: 3, 10: "ten", 2: "two", [`${key}!`]: 4, method() { return this.x; }, 1.5: "f", "07": "seven", nested: { deep: [1] } };
console.log(object);
console.log(Object.keys(object), object.method(), object["dynamic"], object[2], object["10"], object.nested.deep[0]);

// Integer keys come first in ascending order, the rest in order of insertion.
const order: any = {};
for (const name of ["b", "3", "a", "1", "-1", "c", "20", "4294967295", "4294967294", "01"]) order[name] = name;
console.log(Object.keys(order).join(" "));
delete order.b;
delete order[1];
order.b = "again";
order[1] = "again";
console.log(Object.keys(order).join(" "), Object.values(order).length, delete order.missing, "missing" in order, order.missing);

// Duplicate keys: the last value, the first place.
console.log({ a: 1, b: 2, ...{ a: 3 }, c: 4 }, { ...{ z: 1 }, z: 2 }, { ...null, ...undefined, ...("hi" as any), ...[7], ...(5 as any), ...(() => 1) });
const source = { own: 1, get lazy() { return "computed " + this.own; } };
const copied = { ...source, own: 2 };
console.log(copied, source.lazy, Object.getOwnPropertyDescriptor(copied, "lazy")!.value);

// for-in walks own keys in order, then the prototype's; deleted ones are skipped.
const parent = { inherited: true, shadowed: "parent" };
const child = Object.create(parent, { hidden: { value: 1, enumerable: false }, visible: { value: 2, enumerable: true } });
child.own = 1;
child.shadowed = "child";
child[5] = "five";
const seen: string[] = [];
for (const name in child) seen.push(name);
console.log(seen, Object.keys(child), "inherited" in child, child.hasOwnProperty("inherited"), Object.hasOwn(child, "hidden"), child.hidden, child.propertyIsEnumerable("hidden"));
const shrinking: any = { a: 1, b: 2, c: 3 };
const left: string[] = [];
for (const name in shrinking) {
  left.push(name);
  delete shrinking.b;
}
console.log(left, shrinking);
for (const name in null as any) console.log("never", name);
for (const name in "ab") left.push(name + "!");
for (const index in ["p", "q"]) left.push(typeof index + index);
console.log(left);

// Object's static functions.
console.log(Object.entries({ a: 1, b: [2] }), Object.fromEntries([["k", 1], ["l", 2]]), Object.fromEntries(new Map([["m", 3]])), Object.assign({ a: 1 }, { b: 2 }, null, { a: 3 }));
console.log(Object.values("abc"), Object.keys([4, 5]), Object.getOwnPropertyNames("ab"), Object.entries([7]), Object.getPrototypeOf(child) === parent);
const frozen = Object.freeze({ fixed: 1, inner: { loose: 1 } });
for (const change of [() => ((frozen as any).fixed = 2), () => ((frozen as any).added = 1), () => delete (frozen as any).fixed, () => (frozen.inner.loose = 2)]) {
  try {
    console.log("changed", change());
  } catch (error) {
    console.log((error as Error).name + ": " + (error as Error).message);
  }
}
console.log(frozen, Object.isFrozen(frozen), Object.isSealed(frozen), Object.isExtensible(frozen), Object.isFrozen("text"), Object.isFrozen({}));

// Accessors, with the property names they show.
const temperature = {
  celsius: 20,
  get fahrenheit() {
    return (this.celsius * 9) / 5 + 32;
  },
  set fahrenheit(value: number) {
    this.celsius = ((value - 32) * 5) / 9;
  },
  get readonly() {
    return "r";
  },
  set writeonly(value: number) {
    this.celsius += value;
  },
};
temperature.fahrenheit = 212;
temperature.writeonly = 1;
temperature.fahrenheit += 9;
console.log(temperature.celsius, temperature.fahrenheit, temperature.writeonly, Object.keys(temperature), temperature);
try {
  (temperature as any).readonly = 1;
} catch (error) {
  console.log((error as Error).message);
}

// defineProperty.
const defined: any = {};
Object.defineProperty(defined, "secret", { value: 42 });
Object.defineProperty(defined, "live", { get: () => defined.secret + 1, enumerable: true, configurable: true });
console.log(defined, defined.secret, defined.live, Object.keys(defined), Object.getOwnPropertyNames(defined), Object.getOwnPropertyDescriptor(defined, "secret"));

// Null prototypes, objects as dictionaries with dangerous names.
const derived = Object.assign(Object.create(parent), { own: 1 });
const bare = Object.create(null);
bare.toString = 1;
console.log(derived.inherited, Object.keys(derived), "toString" in bare, bare, "constructor" in {}, ({} as any).constructor === Object);
const counts: Record<string, number> = {};
for (const word of "to be or not to be constructor".split(" ")) counts[word] = (Object.hasOwn(counts, word) ? counts[word] : 0) + 1;
console.log(counts);

// Many properties, added and removed.
const large: any = {};
for (let i = 0; i < 1000; i++) large["p" + i] = i;
for (let i = 0; i < 1000; i += 2) delete large["p" + i];
console.log(Object.keys(large).length, large.p1, large.p2, large.p999, Object.values<number>(large).reduce((a, b) => a + b));
