// Parameters: defaults, rest, spread, patterns; the name and length of functions; call, apply and bind.

function greet(name = "nobody", greeting = `Hello, ${name}`, mark: string = greeting.length > 12 ? "!!" : "!") {
  return greeting + mark;
}
console.log(greet(), greet("Ann"), greet(undefined, "Hi"), greet("Bob", undefined, "?"), greet(null as any), greet(""));

// A default is evaluated at each call, and only for undefined.
let evaluations = 0;
const fresh = (list: number[] = (evaluations++, [])) => (list.push(list.length), list);
console.log(fresh(), fresh(), fresh([7]), evaluations);

function sum(first: number, ...rest: number[]): number {
  return rest.reduce((total, value) => total + value, first);
}
const numbers = [4, 5, 6];
console.log(sum(1), sum(1, 2, 3), sum(...(numbers as [number, ...number[]])), sum(1, ...numbers, 2, ...[], ...new Set([7, 7, 8])));
console.log(Math.max(...numbers, 10, ...[3]), Math.max(...[]), [..."ab", ...numbers], String.fromCharCode(...[75, 105]));

const collect = (...all: unknown[]) => all;
console.log(collect(), collect(undefined), collect(1, ..."xy"), collect(...[, 1] as any[]));

// Extra arguments are dropped, missing ones undefined.
const pair = (a?: any, b?: any) => [a, b];
console.log((pair as any)(1), (pair as any)(1, 2, 3), (pair as any)());

// length counts up to the first default or rest; name comes from the binding.
const anonymous = function () {};
const arrow = (a: any, b: any) => [a, b];
const table = { method(a: any) {}, property: () => 1, ["comp" + "uted"]: () => 2, get accessor() { return 1; } };
console.log(greet.length, sum.length, arrow.length, ((a: any, b = 1, c: any) => 0).length, collect.length, table.method.length);
console.log(greet.name, anonymous.name, arrow.name, table.method.name, table.property.name, (table as any).computed.name, [(() => 1)][0].name === "");
const named = function inner(depth: number): string {
  return depth === 0 ? inner.name : inner(depth - 1);
};
console.log(named(3), named.name);

// Patterns in parameters.
function area({ width, height = width, unit: { name: unit = "cm" } = {} }: { width: number; height?: number; unit?: { name?: string } }) {
  return `${width * height}${unit}²`;
}
console.log(area({ width: 3 }), area({ width: 3, height: 4, unit: { name: "m" } }), area({ width: 2, unit: {} }));
const swap = ([a, b]: [number, string]): [string, number] => [b, a];
console.log(swap([1, "one"]), ((first: any, { length }: string, [, second]: number[]) => [first, length, second])(0, "four", [1, 2]));

// call, apply, bind.
function describe(this: any, ...parts: any[]) {
  return [this?.tag ?? typeof this, ...parts].join("/");
}
const bound = describe.bind({ tag: "bound" }, 1);
console.log(describe.call({ tag: "call" }, 1, 2), describe.apply({ tag: "apply" }, [3, 4]), bound(2, 3), bound.call({ tag: "other" }, 5));
console.log(bound.name, bound.length, describe.call(undefined), (describe as any).apply(null), describe.call("text" as any) === "string");
console.log([1, 2, 3].map(String), ["a", "b"].map(Function.prototype.call, String.prototype.toUpperCase as any));

// Functions are objects.
function tagged() {
  return tagged.calls++;
}
tagged.calls = 10;
tagged();
tagged();
console.log(tagged.calls, typeof tagged, tagged instanceof Function, tagged instanceof Object, Object.keys(tagged), "calls" in tagged);

// Many arguments, and arguments evaluated left to right.
const many = Array.from({ length: 5000 }, (_, i) => i);
console.log(collect(...many).length, Math.max(...many));
const order: string[] = [];
const mark = <T>(label: string, value: T): T => (order.push(label), value);
mark("callee", pair)(mark("first", 1), mark("second", 2));
console.log(order.join(" "));
