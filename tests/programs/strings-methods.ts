// The methods of String.prototype with ordinary and with odd arguments.

const text = "The quick brown fox";
console.log(text.indexOf("q"), text.indexOf("zebra"), text.indexOf("o", 13), text.indexOf(""), text.indexOf("", 99), text.indexOf("T", -5));
console.log(text.lastIndexOf("o"), text.lastIndexOf("o", 12), text.lastIndexOf("x", 0), text.lastIndexOf(""), "aaa".lastIndexOf("a", -1));
console.log(text.includes("quick"), text.includes("Quick"), text.includes("The", 1), text.startsWith("The"), text.startsWith("quick", 4));
console.log(text.endsWith("fox"), text.endsWith("brown", 15), text.startsWith(""), "".endsWith("x"));

// slice counts from the end, substring swaps, substr has a length.
console.log(text.slice(4, 9), text.slice(-3), text.slice(-9, -4), text.slice(5, 2) === "", text.slice(), text.slice(NaN, 3), text.slice(-100, 3));
console.log(text.substring(9, 4), text.substring(-5, 3), text.substring(16), text.substring(NaN), text.substring(2.9, 5.1));
console.log(text.substr(4, 5), text.substr(-3, 2), text.substr(4, -1) === "");
console.log(text.at(0), text.at(-1), text.at(99), text.charAt(4), text.charAt(-1) === "");

console.log("  pad me \t\n".trim() + "|", "  left".trimStart() + "|", "right  ".trimEnd() + "|", "\u00a0\ufeffx\u2003".trim().length);
console.log("5".padStart(3, "0"), "5".padEnd(3, "ab"), "abc".padStart(2), "x".padStart(6, "123"), "x".padEnd(4) + "|", "x".padStart(4, ""));
console.log("ab".repeat(3), "ab".repeat(0) === "", "-".repeat(10), "x".concat("y", "z"), "x".concat(1 as any, null as any));
console.log("Hello".toUpperCase(), "Hello".toLowerCase(), "i".toLocaleUpperCase());

console.log("a,b,,c,".split(","), "abc".split(""), "abc".split(), "".split(""), "".split(","), "a,b,c".split(",", 2), "abcabc".split("bc"));
console.log("a-b-c".split("-").reverse().join("+"), "x".split("x"), "no separator".split("|"));
console.log("aXbXc".replace("X", "-"), "aXbXc".replaceAll("X", "-"), "abc".replace("", "_"), "abc".replaceAll("", "_"), "none".replace("z", "y"));
console.log("price".replace("price", "$$5"), "abc".replace("b", "[$&]"), "abc".replace("b", "$`|$'"), "aa".replaceAll("a", (found, at) => found + at));
console.log("x-y".replace("-", (match, offset, whole) => `<${match}${offset}${whole}>`));

// Methods on literals and results, chained.
console.log("  Mixed Case  ".trim().toLowerCase().split(" ").map((word) => word[0].toUpperCase() + word.slice(1)).join(""));
console.log([..."hello"].reverse().join(""), "hello".split("").sort().join(""), Array.from("hi").length);

// Numbers, objects and missing arguments become strings.
console.log("undefined".indexOf(undefined as any), "a1b".indexOf(1 as any), "null!".startsWith(null as any), "x".padEnd(3, 0 as any), "1,2".includes([1, 2] as any));

// Strings are immutable, have index keys, and a length that can't change.
const word: any = "fixed";
try {
  word[0] = "F";
} catch (error) {
  console.log((error as Error).message);
}
try {
  word.length = 1;
} catch (error) {
  console.log((error as Error).message);
}
console.log(word, Object.keys("abc"), "length" in Object("abc"), "1" in Object("abc"), word.missing);

for (const attempt of [() => "x".repeat(-1), () => "x".repeat(Infinity), () => String.fromCodePoint(-1), () => "x".repeat(2 ** 30)]) {
  try {
    console.log(attempt().length);
  } catch (error) {
    console.log((error as Error).name, (error as Error).message);
  }
}
console.log(String(["a", ["b", "c"]]), String({}), String(null), String(Symbol("tag")), `${[1, [2, 3]]}`);
console.log(typeof String(1), typeof new String(1), new String("a") == ("a" as any), new String("boxed").length);
