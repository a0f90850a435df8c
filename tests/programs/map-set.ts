// Map, Set, WeakMap and WeakSet: order, keys of all kinds, changes during iteration.

const map = new Map<any, any>([["b", 1], ["a", 2]]);
const objectKey = {};
console.log(map.set("c", 3).set("b", 10).size, map.get("b"), map.get("zz"), map.has("a"), map.delete("a"), map.delete("a"), map);
map.set("a", "back").set(NaN, "nan").set(-0, "zero").set(objectKey, "object").set(undefined, "undef").set(null, "null").set("1", "text").set(1, "number");
console.log([...map.keys()], map.get(NaN), map.get(0), Object.is([...map.keys()][4], 0), map.get({}), map.get(objectKey), map.get(undefined), map.get("1") === map.get(1));
console.log(map.size, [...map.values()].join(), [...map.entries()][0], [...map][1], map.get("missing") === undefined);

// forEach passes value, key, map; Set passes the value twice.
new Map([["k", "v"]]).forEach((value, key, all) => console.log(value, key, all.size));
new Set(["s"]).forEach(function (this: any, value, again, all) { console.log(value, again, all.size, this.tag); }, { tag: "T" });

// Iteration sees what is added and not what is deleted; deleted and added again comes last.
const walk: number[] = [];
const numbers = new Map([[1, "one"], [2, "two"], [3, "three"]]);
for (const [key] of numbers) {
  walk.push(key);
  if (key === 1) numbers.delete(2);
  if (key === 3) numbers.set(4, "four").set(1, "uno");
  if (key === 4) {
    numbers.delete(1);
    numbers.set(1, "again");
  }
  if (walk.length > 10) break;
}
console.log(walk, [...numbers]);
const set = new Set([1, 2, 3, 4, 5, 6]);
const order: number[] = [];
for (const value of set) {
  order.push(value);
  set.delete(value);
  if (value < 3) set.add(value + 10);
  if (value % 2) set.delete(value + 1);
}
console.log(order, set.size, [...set]);
const cleared: string[] = [];
const toClear = new Map([["x", 1], ["y", 2]]);
for (const key of toClear.keys()) {
  cleared.push(key);
  if (key === "x") {
    toClear.clear();
    toClear.set("z", 3);
  }
}
console.log(cleared, toClear);

// Set from any iterable, and the usual set algebra.
const a = new Set("hello");
const b = new Set(["h", "e", "y"]);
console.log(a, a.size, [...a].filter((x) => b.has(x)), new Set([...a, ...b]), [...a].filter((x) => !b.has(x)), [...new Set([3, 1, 3, 2, 1])]);
console.log(a.add("h") === a, a.has("z"), a.delete("h"), [...a].join(""), [...a.entries()][0], new Set().size, new Set(null).size, new Set([[1], [1]]).size);

// Iterators of a map are live.
const live = new Map([["first", 1]]);
const iterator = live.entries();
console.log(iterator.next());
live.set("second", 2);
console.log(iterator.next(), iterator.next());
live.set("third", 3);
console.log(iterator.next().done, iterator, live.keys(), new Set([1]).values());

// Many entries: growth, deletion of half, order kept.
const big = new Map<string, number>();
for (let i = 0; i < 10000; i++) big.set("key" + ((i * 7919) % 10000), i);
for (let i = 0; i < 10000; i += 2) big.delete("key" + i);
let sum = 0;
let ordered = true;
let last = -1;
for (const [key, value] of big) {
  sum += value;
  ordered &&= value > last && key.startsWith("key");
  last = value;
}
console.log(big.size, sum, ordered, big.get("key1"), big.get("key2"), big.has("key9999"));
for (let i = 0; i < 10000; i += 2) big.set("key" + i, -i);
console.log(big.size, [...big.keys()].slice(5000, 5003), big.get("key4"));

// Numbers of different form are the same key, numbers and texts are not.
const forms = new Map<any, string>([[1, "int"], [1.0, "double"], [0.1 + 0.2, "sum"], ["1", "text"], [2 ** 31, "big"], [true, "bool"]]);
console.log(forms.get(1), forms.get(0.30000000000000004), forms.get(2147483648), forms.get("1"), forms.get(true), forms.size);

// Grouping, counting, nested maps, maps as values.
const words = "the cat and the dog and the bird".split(" ");
const counts = words.reduce((m, word) => m.set(word, (m.get(word) ?? 0) + 1), new Map<string, number>());
console.log([...counts].sort(([x, i], [y, j]) => j - i || (x < y ? -1 : 1)), Math.max(...counts.values()));
const tree = new Map([["left", new Map([["leaf", new Set([1])]])]]);
console.log(tree.get("left")?.get("leaf")?.has(1), tree, new Map(Object.entries({ a: 1 })), Object.fromEntries(counts));

// Weak collections.
const weak = new WeakMap<object, string>([[objectKey, "kept"]]);
const seen = new WeakSet([objectKey]);
console.log(weak.get(objectKey), weak.has({}), weak.get({}), seen.has(objectKey), seen.add(set).has(set), weak.delete(objectKey), weak.has(objectKey), seen.delete({}));
