// console.log with several arguments, format directives, and primitive values alone and inside arrays and objects.

console.log();
console.log("");
console.log("text", 1, -0, true, null, undefined, NaN, Symbol("sym"), Symbol());
console.log(["text", 1, -0, true, null, undefined, NaN], [Symbol("sym")]);
console.log({ text: "text", number: 1.5, nothing: null, missing: undefined, symbol: Symbol.iterator, yes: true, negative: -0 });
console.log("a\nb", ["a\nb\t\\"], ["it's"], ['say "hi"'], ["it's \"both\""], ["`all` 'three' \"kinds\""], ["\u0000\u001b\u007f"], ["ünïcode 😀"], ["\ud800"]);
console.log([""], [" "], { "": "empty key", "with space": 1, "it's": 2, valid_name: 3, $dollar: 4, "1a": 5, "a-b": 6, "ünï": 7, 99: 8, "-1": 9 });

// Functions and classes.
function declared() {}
class Empty {}
class Derived extends Empty {
  static x = 1;
}
const bare = [() => {}, function () {}, class {}][Symbol.iterator]().next().value;
console.log(declared, () => {}, bare, Empty, Derived, class extends Empty {}, Math.max, console.log, Array, Symbol.iterator);
console.log([declared, Empty], { declared, arrow: () => {}, method() {}, Empty, anonymous: class {} });
const withProperties = Object.assign(() => {}, { a: 1, nested: { b: 2 } });
console.log(withProperties, [withProperties], { f: withProperties });

// Format directives stand in the first argument only.
console.log("%s is %d years and %i months", "Bob", 42.5, 7.9, "extra", { more: 1 });
console.log("%s", null, "%s", undefined);
console.log("%s|%s|%s|%s|%s", "text", 1.5, -0, null, Symbol("s"));
console.log("%s|%s|%s", [1, "two", [3]], { a: 1, b: { c: {} } }, -0);
console.log("%d|%d|%d|%i|%f|%f", "42", "x", {}, "42.9px", "1.5e3x", null);
console.log("%O", { a: { b: { c: { d: 1 } } } });
console.log("%j|%j", { a: [1, "x"] }, "text");
console.log("100%", "50%% off", "%x %", 1);
console.log("%% %s %%", "escaped", "%s");
console.log("%s %s", "only one");
console.log("%c styled %c", "color: red", "");
console.log(5, "%s", "not first");
console.log("trailing %", "a", "b");
console.log("%s%s%s", 1, 2, 3, 4);
console.log("a%sb%dc", "X");

// Strings are bare at the top and quoted inside; nothing is escaped at the top.
console.log("top 'quoted'", ["top 'quoted'"], [["deep"]], "multi\nline");
console.log(String, [undefined, null], [[]], [{}], {}, [], [[[]]], { a: {} }, { a: [] });

// Boxed primitives.
console.log(new Number(3), new String("abc"), new Boolean(false), [new Number(-0)], Object(Symbol("boxed")));

// Other methods of console that write to standard output.
console.info("info", [1]);
console.debug("debug %s", "formatted");
console.group("group");
console.log("indented");
console.group();
console.log("twice\nas multi-line", { a: 1 });
console.groupEnd();
console.log("once");
console.groupEnd();
console.groupEnd();
console.log("back");
