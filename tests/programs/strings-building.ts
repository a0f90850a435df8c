// Template literals, concatenation of everything with strings, and long strings built piece by piece.

const name = "World";
const count = 3;
console.log(`Hello, ${name}!`, `${count} item${count === 1 ? "" : "s"}`, `${1 + 1}${2 + 2}`, `nested ${`inner ${name.toUpperCase()}`}`);
console.log(`multi
line`, `tab\tescaped \${not} \``, `${""}`, `${[1, 2, 3]} ${{}} ${null} ${undefined} ${true}`);

// `+` groups to the left, so numbers add up until the first string.
const a: any = 1;
console.log(1 + 2 + "3", "1" + 2 + 3, 1 + +"2", "3" - a, "3" * ("4" as any), "a" + null, "b" + undefined, "c" + true, "d" + 1.50, "e" + -0);
console.log("x" + [1, 2], "y" + {}, "z" + [], [] + ("" as any), "n" + NaN, "i" + -Infinity, "o" + { toString: () => "custom" });

// A template uses toString, `+` prefers valueOf.
const both: any = { valueOf: () => 42, toString: () => "text" };
console.log(`${both}`, "" + both, both + 1, both * 2, String(both), [both].join());

// Order of conversions in a template.
const log: string[] = [];
const traced = (label: string) => ({ toString: () => (log.push(label), label) });
console.log(`${traced("a") as any}-${traced("b") as any}-${traced("c") as any}`, log.join());

// A long string built in a loop, then read at random places.
let long = "";
for (let i = 0; i < 20000; i++) long += i % 10;
console.log(long.length, long[0], long[9999], long[19999], long.slice(12345, 12355));

// Prepending builds the other way round.
let front = "";
for (let i = 0; i < 5000; i++) front = String.fromCharCode(97 + (i % 26)) + front;
console.log(front.length, front.slice(0, 10), front.slice(-5), front.indexOf("zyx"));

// A string that is part of two longer ones stays what it was.
let base = "";
for (let i = 0; i < 100; i++) base += "ab";
const left = base + "L";
const right = base + "R";
const doubled = base + base;
console.log(left.endsWith("abL"), right.endsWith("abR"), left < right, doubled.length, doubled === base.repeat(2), base.length);

// Wide characters arriving late do not disturb the narrow start.
let mixed = "";
for (let i = 0; i < 1000; i++) mixed += i === 700 ? "Ω" : "x";
console.log(mixed.length, mixed.indexOf("Ω"), mixed.charCodeAt(699), mixed.charCodeAt(700), mixed.replace("Ω", "x") === "x".repeat(1000));

// Built strings as keys.
const counts: Record<string, number> = {};
for (let i = 0; i < 30; i++) {
  const key = "k" + (i % 3) + "-" + (i % 2);
  counts[key] = (counts[key] ?? 0) + 1;
}
console.log(counts, counts[`k${0}-` + 1], "k0" + "-1" in counts);

// Equal content, built differently.
const one = ["a", "b", "c"].join("");
const two = "abcd".slice(0, 3);
const three = "a" + "b" + String.fromCharCode(99);
console.log(one === two, two === three, one == three, Object.is(one, two), new Set([one, two, three]).size);

// Joining arrays.
console.log([1, null, undefined, "x", [2, [3]], {}].join("|"), [].join(), [null].join(), Array(4).join("ab"), [1, 2].join(undefined), [1, 2].join(null as any));
const rows = Array.from({ length: 4 }, (_, row) => Array.from({ length: row + 1 }, (_, column) => row * column).join(" "));
console.log(rows.join("\n"));
