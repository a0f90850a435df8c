// Strings are sequences of UTF-16 code units: lengths, surrogates, code points, order, Latin-1 next to wide text.

const latin = "caf\u00e9";
const wide = "Ω≈ç√";
const astral = "a😀b";
console.log(latin.length, wide.length, astral.length, "".length, "👨‍👩‍👧".length);
console.log(latin[3], wide[1], latin.charAt(99) === "", latin[99], astral[0], astral[3]);

// Code units and code points.
console.log(astral.charCodeAt(1), astral.charCodeAt(2), astral.charCodeAt(9), astral.codePointAt(1), astral.codePointAt(2), astral.codePointAt(9));
console.log(String.fromCharCode(72, 105), String.fromCharCode(0xd83d, 0xde00), String.fromCodePoint(128512, 97), String.fromCharCode(65536 + 65));
console.log(astral[1] + astral[2], (astral[1] + astral[2]).length, "\ud83d" + "\ude00" === "😀", "\u{1F600}" === "😀");

// Iteration goes by code points; split and indices go by units.
console.log([...astral].length, [...astral], astral.split("").length, Array.from(astral, (part) => part.length));
for (const part of "x𝒳y") console.log(part, part.length, part.codePointAt(0)!.toString(16));
const parts: string[] = [];
for (let i = 0; i < "é😀".length; i++) parts.push("é😀".charCodeAt(i).toString(16));
console.log(parts.join(" "));

// Comparison is by code unit, so an astral character sorts before U+FFFF, and upper case before lower.
console.log("a" < "b", "B" < "a", "a" < "aa", "" < "a", "é" > "z", "😀" < "\uffff", "10" < "9", "ä" === "a\u0308");
console.log(["b", "a", "C", "é", "z", "😀", "\uffee", "A", ""].sort());
console.log("a".localeCompare("b"), "b".localeCompare("a"), "a".localeCompare("a"));

// Joining narrow and wide strings keeps every unit.
let joined = "";
for (const piece of ["abc", "é", "Ω", "😀", "\u0000", "end"]) joined += piece;
console.log(joined.length, joined.indexOf("Ω"), joined.indexOf("end"), joined.charCodeAt(7), joined.endsWith("\u0000end"));
console.log(joined.slice(0, 4) === "abcé", joined.slice(4, 5) === "Ω", joined === "abcéΩ😀\u0000end", joined.slice(0, 3) === "abc");

// A part of a wide string that is narrow equals the narrow string, also as a key.
const key = "Ωkey".slice(1);
const table: Record<string, number> = { key: 1 };
console.log(key === "key", table[key], new Map([["key", 2]]).get(key), key in table);

// Case mapping beyond ASCII; one character may become two.
console.log("straße".toUpperCase(), "ÀÉÎ".toLowerCase(), "ΑΣ".toLowerCase(), "ÿ".toUpperCase(), "µ".toUpperCase().charCodeAt(0), "İ".toLowerCase().length);
console.log("ǆ".toUpperCase(), "Привет".toUpperCase(), "😀".toUpperCase());

// Escapes.
console.log("tab\there", "quote\"s", 'it\'s', "back\\slash", "nul:" + "\0".length, "\x41\u0042\u{43}", "line\
continued");
console.log("one\ntwo\r\n".length, "\u2028".length, "\v\f\b".length);

// Normal text of many scripts passes through unharmed.
console.log("日本語テキスト", "العربية", "हिन्दी", "emoji 🎉🎊", "ñandú", "\u00ff\u0100");

// What is printed for a lone surrogate is the replacement character.
console.log("lone:", "\ud800", "😀".charAt(0).length, ["\ud800x", "x\udc00", "😀"]);
