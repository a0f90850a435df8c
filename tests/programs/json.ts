// JSON.stringify and JSON.parse: what is left out, toJSON, replacers, indentation, escapes, errors.

console.log(JSON.stringify({ a: 1, b: "two", c: [true, null, undefined], d: undefined, e: () => 1, f: Symbol("s"), g: NaN, h: Infinity, i: -0, j: {} }));
console.log(JSON.stringify([undefined, () => 1, Symbol("s")]), JSON.stringify("text"), JSON.stringify(null), JSON.stringify(undefined), JSON.stringify(1e21), JSON.stringify(() => 1));
console.log(JSON.stringify("quote\" back\\ slash/ \b\f\n\r\t \u0000 \u001f é 😀 \u2028 \ud800"), JSON.stringify({ "key\n": 1, "": 2, 3: "three", 1: "one" }));
console.log(JSON.stringify({ nested: { list: [1, [2, { three: 3 }]], empty: [], none: {} } }, null, 2));
console.log(JSON.stringify([1, { a: 2 }], null, "--"), JSON.stringify({ a: [] }, null, 20), JSON.stringify({ a: 1 }, null, "a string that is too long"));
console.log(JSON.stringify({ a: 1, b: [1, 2], c: { a: 3, d: 4 } }, ["a", "c"]), JSON.stringify({ a: 1, b: "x" }, (key, value) => (typeof value === "number" ? value * 10 : value)));
class Point {
  #hidden = 1;
  constructor(public x: number, public y: number) {}
  get sum() {
    return this.x + this.y;
  }
}
class Custom {
  toJSON(key: string) {
    return { custom: key };
  }
}
console.log(JSON.stringify([new Point(1, 2), new Map([[1, 2]]), new Set([1]), new Number(3), new String("s"), new Boolean(false), new Custom()]), JSON.stringify({ c: new Custom() }), JSON.stringify(new Error("e")));
const order: string[] = [];
JSON.stringify({ a: [1], b: { c: 2 } }, function (this: any, key, value) {
  order.push(`${key || "(root)"}:${Array.isArray(this) ? "array" : typeof this}`);
  return value;
});
console.log(order.join(" "));

const parsed = JSON.parse(' { "a" : [ 1 , -2.5e3 , true , false , null ] , "b" : { "c\\u0041\\n" : "\\ud83d\\ude00\\/" } , "a2" : "" } ');
console.log(parsed, JSON.parse("5"), JSON.parse('"x"'), JSON.parse("null"), JSON.parse("[]"), JSON.parse("-0"), JSON.parse('{"a":1,"a":2,"1":0}'), JSON.parse("1E400"));
console.log(JSON.parse('{"__proto__": 1, "b": [1, 2]}', (key, value) => (Array.isArray(value) ? value.length : key === "drop" ? undefined : value)));
console.log(JSON.parse('{"keep":1,"drop":2,"deep":{"drop":3,"n":4}}', (key, value) => (key === "drop" ? undefined : typeof value === "number" ? value + 1 : value)));
for (const wrong of ["", "{", "[1,]", "{a:1}", "'x'", "01", "1.", "+1", "tru", '"\n"', '{"a":1,}', "[1 2]", "undefined", '"\\x"', "nul", "1 1", "{\"a\" 1}"]) {
  try {
    console.log(wrong, JSON.parse(wrong));
  } catch (error) {
    console.log(JSON.stringify(wrong), error instanceof SyntaxError, (error as Error).name);
  }
}
const cycle: any = {};
cycle.self = cycle;
try {
  JSON.stringify(cycle);
} catch (error) {
  console.log((error as Error).name, (error as Error).message.split("\n")[0]);
}
const value = { list: Array.from({ length: 50 }, (_, i) => ({ id: i, name: "n" + i, ratio: i / 7 })) };
const text = JSON.stringify(value);
console.log(text.length, JSON.stringify(JSON.parse(text)) === text, JSON.parse(text).list[49]);
