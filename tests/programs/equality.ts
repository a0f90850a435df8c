// Equality tables: `==`, `===`, Object.is, and how arrays, Map and Set find things.

const shared = {};
const list: [string, any][] = [
  ["undefined", undefined], ["null", null], ["false", false], ["true", true], ["0", 0], ["-0", -0], ["1", 1], ["NaN", NaN],
  ["''", ""], ["'0'", "0"], ["'1'", "1"], ["'true'", "true"], ["[]", []], ["[0]", [0]], ["[1]", [1]], ["{}", shared], ["new 1", new Number(1)],
];

function table(title: string, equal: (a: any, b: any) => boolean) {
  console.log(title);
  for (const [label, a] of list) console.log(label.padStart(10) + " " + list.map(([, b]) => (equal(a, b) ? "x" : ".")).join(""));
}
table("loose", (a, b) => a == b);
table("strict", (a, b) => a === b);
table("Object.is", Object.is);
console.log(list.every(([, a]) => list.every(([, b]) => (a == b) !== (a != b) && (a === b) !== (a !== b) && (a == b) === (b == a))));

// Constants on one side, so that no table is needed.
const nothing: any = undefined;
const zero: any = 0;
console.log(nothing == null, nothing === null, null == zero, null == false, nothing == zero, "" == zero, "0" == zero, " \n" == zero, zero == false);
console.log("1" == (1 as any), 1 == (true as any), "true" == (true as any), [1, 2] == ("1,2" as any), null == (0 as any), NaN != NaN);
console.log("abc" == "ab" + "c", "abc" === ["a", "b", "c"].join(""), new String("a") == new String("a"), new String("a") == ("a" as any));

// Objects are equal to themselves only; functions and symbols too.
const other = {};
const f = () => 1;
console.log(shared === shared, shared == other, f === f, (() => 1) === ((() => 1) as any), Symbol("a") === Symbol("a"), Symbol.for("a") === Symbol.for("a"));
console.log([] == ([] as any), [1] == ([1] as any), ({}) == ({} as any), Symbol("x") == (Object as any), Object("a") === Object("a"));

// Objects with conversions in loose comparison.
const five: any = { valueOf: () => 5 };
const text: any = { toString: () => "five" };
console.log(five == 5, 5 == five, five == "5", text == "five", five == { valueOf: () => 5 }, five === 5, five == true, text == text);

// Finding things: indexOf is strict, includes and Map know NaN, and take -0 for 0.
const haystack = [NaN, -0, "1", 1, null, undefined];
console.log(haystack.indexOf(NaN), haystack.includes(NaN), haystack.indexOf(0), haystack.indexOf("1"), haystack.lastIndexOf(1), haystack.indexOf(null));
console.log([, 1].includes(undefined as any), [, 1].indexOf(undefined as any), haystack.findIndex((x) => Number.isNaN(x)), haystack.find((x) => x == 1));
const set = new Set<any>([NaN, NaN, 0, -0, "0", null, undefined, shared, {}]);
console.log(set.size, set.has(NaN), set.has(-0), set.has({}), set.has(shared), Object.is([...set][1], 0));

// switch uses strict equality.
for (const subject of ["1", 1, true, NaN, null, undefined] as any[]) {
  switch (subject) {
    case NaN: console.log("NaN matched"); break;
    case 1: console.log("number one"); break;
    case "1": console.log("text one"); break;
    case true: console.log("true"); break;
    case undefined: console.log("undefined"); break;
    case null: console.log("null"); break;
    default: console.log("no case for", subject);
  }
}

// Comparing through variables of known and of unknown type gives the same.
const n: number = 1;
const s: string = "1";
const u: any = "1";
console.log((n as any) == s, (n as any) === s, n == u, s == u, s === u, u == n, (u as any) != 1, n !== u);
const numbers: number[] = [1, 0, -0, NaN];
console.log(numbers.map((a) => numbers.map((b) => (a === b ? 1 : 0)).join("")).join(" "));
