// Booleans, null, undefined and objects where another type is wanted: ToBoolean, ToNumber, ToString, ToPrimitive.

const values: [string, any][] = [
  ["undefined", undefined], ["null", null], ["true", true], ["false", false], ["0", 0], ["-0", -0], ["NaN", NaN], ["1", 1],
  ["''", ""], ["' '", " "], ["'0'", "0"], ["'a'", "a"], ["[]", []], ["[0]", [0]], ["[1,2]", [1, 2]], ["{}", {}], ["infinity", Infinity],
];
for (const [label, value] of values) {
  console.log(label.padEnd(10), typeof value, !!value, Number(value), [String(value)], value + 1, value * 2, -value, value ? "yes" : "no", value | 0);
}

// Logical operators give an operand, not a boolean, and evaluate no more than needed.
const silent = (text: string): any => {
  console.log("evaluated", text);
  return text;
};
const zero: any = 0;
console.log(zero || "or", zero && silent("never"), zero ?? silent("never"), "" || null || undefined, 1 && 2 && 3, null ?? undefined ?? "last");
console.log(!zero, !!"false", !"", !null === true, Boolean([]), Boolean(""), new Boolean(false) ? "object" : "primitive");

// ToPrimitive asks valueOf first for numbers and `+`, toString first for text and keys.
const asked: string[] = [];
const thing: any = {
  valueOf() {
    asked.push("valueOf");
    return 10;
  },
  toString() {
    asked.push("toString");
    return "thing";
  },
};
console.log(thing + 1, thing * 1, `${thing}`, thing > 9, thing == 10, ({ thing: "key", 10: "ten" } as any)[thing], [thing] + "", thing + "");
console.log(asked.join(" "));
const stubborn: any = { valueOf: () => ({}), toString: () => "fallback" };
console.log(stubborn + "!", stubborn * 1, Number({ valueOf: () => "12" } as any), [3] as any * ([4] as any), ([] as any) + [], +[], +[[[7]]], +{});
const primitive: any = { [Symbol.toPrimitive]: (hint: string) => (hint === "number" ? 1 : hint === "string" ? "s" : "d") };
console.log(+primitive, `${primitive}`, primitive + "", primitive * 2, primitive == "d", primitive < 2);

for (const attempt of [
  () => +({ valueOf: () => ({}), toString: () => ({}) } as any),
  () => `${Object.create(null) as any}`,
  () => +(Symbol("s") as any),
  () => `${Symbol("s") as any}`,
  () => (Symbol("s") as any) + "",
  () => (null as any) in {},
  () => "a" in ("abc" as any),
  () => ({} as any) instanceof (5 as any),
]) {
  try {
    console.log(attempt());
  } catch (error) {
    console.log((error as Error).name + ": " + (error as Error).message);
  }
}

// Relational operators compare text as text, everything else as numbers.
const pairs: [any, any][] = [["10", "9"], ["10", 9], [null, 0], [undefined, 0], [true, 0], ["a", 1], ["", 0], [[2], 1], ["b", ["a"]], [null, undefined], [NaN, NaN]];
console.log(pairs.map(([a, b]) => [a < b, a > b, a <= b, a >= b].map(Number).join("")).join(" "));

// typeof and void.
console.log(typeof null, typeof undefined, typeof (() => 1), typeof class {}, typeof Symbol(), typeof [], typeof new Number(1), typeof "", typeof NaN);
console.log(void 0, typeof void "x", typeof (globalThis as any).notDeclared, typeof Math, typeof console.log, typeof globalThis);

// Conversion functions without arguments and through wrappers.
console.log([String(), Number(), Boolean()], String(undefined), Number(undefined), [new Number(5) + (1 as any), new String("a") + "b", new Boolean(true) + (1 as any)]);
console.log([0, 1, "", "a", null, undefined, NaN, [], {}].filter(Boolean), ["3", "1", "2"].map(Number), [true, false].map(String));

// Keys are strings (or symbols).
const table: any = {};
table[1] = "number";
table["1"] += " and text";
table[null as any] = "null";
table[undefined as any] = "undefined";
table[true as any] = "true";
table[[1, 2] as any] = "array";
table[{} as any] = "object";
table[-0] = "zero";
table[1.5] = "fraction";
console.log(table, table[1.0], table["1.5"], table["-0"]);
let text: any = "5";
text++;
console.log(text, typeof text, ++table.missing, (table.missing = null, table.missing++), table.missing, -"3", +true, - -"4", +"", +null!, +undefined!);
