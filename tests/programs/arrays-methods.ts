// Array methods that leave the array as it is, with their callbacks' arguments, and static functions of Array.

const n = [5, 3, 8, 1];
console.log(n.map((x) => x * 2), n.filter((x) => x > 2), n.reduce((x, y) => x + y), n.reduce((x, y) => x + y, ""as any), n.reduceRight((x, y) => `${x}${y}`, "r"));
console.log(n.find((x) => x > 5), n.findLast((x) => x < 5), n.findIndex((x) => x === 9), n.findLastIndex((x) => x > 2), n.some((x) => x > 7), n.every((x) => x > 1));
console.log([].every(() => false), [].some(() => true), [].reduce((x) => x, "initial"), n.indexOf(8), n.lastIndexOf(5, -2), n.includes(3), n.indexOf(5, 1));
try {
  [].reduce((x) => x);
} catch (error) {
  console.log((error as Error).name, (error as Error).message);
}

// Callbacks get value, index and array.
["a", "b"].forEach(function (this: any, ...all) {
  console.log(this.tag, all);
}, { tag: "this" });
console.log(["x", "y"].map((value, index, array) => value + index + array.length), [1, 2].reduce((sum, value, index, array) => sum + value * index * array.length, 0));

console.log(n.slice(), n.slice(1), n.slice(-2), n.slice(1, -1), n.slice(2, 1), n.slice(NaN), n.concat(6, [7, [8]], "9" as any), n.at(-1), n.at(4), n.at(-5));
console.log([1, [2, [3, [4]]]].flat(), [1, [2, [3, [4]]]].flat(Infinity), [1, [2, [3]]].flat(0), [1, 2].flatMap((x) => [x, [x * 10]]), ["a b", "c"].flatMap((t) => t.split(" ")));
console.log(n.join(), n.join(""), n.join(" + "), n.toString(), String([1, [2, 3]]), [n, n].toString());
console.log(n.toSorted(), n.toReversed(), n.with(1, 0), n.toSpliced(1, 2, 9), n);

// entries, keys and values are iterators; each walks once.
const iterator = ["p", "q"].entries();
console.log(iterator.next(), [...iterator], [...iterator], iterator.next(), [...n.keys()], [...n.values()], Array.from(["z"].entries()));
for (const [index, value] of n.entries()) if (index % 2) console.log(index, value);

// Sorting is stable, and the comparator decides.
const people = [
  { name: "Zoe", age: 30 }, { name: "adam", age: 25 }, { name: "Bea", age: 30 }, { name: "Carl", age: 25 }, { name: "dora", age: 30 },
];
console.log([...people].sort((x, y) => x.age - y.age).map((person) => person.name).join());
console.log([...people].sort((x, y) => (x.name < y.name ? -1 : 1)).map((person) => person.name), people[0].name);
console.log([...people].sort((x, y) => y.age - x.age || x.name.toLowerCase().localeCompare(y.name.toLowerCase())).map((person) => person.name));
const long = Array.from({ length: 500 }, (_, i) => ({ key: (i * 7919) % 10, at: i })).sort((x, y) => x.key - y.key);
console.log(long.every((item, i) => i === 0 || long[i - 1].key < item.key || (long[i - 1].key === item.key && long[i - 1].at < item.at)));

// Array.from, of, isArray.
console.log(Array.from("héy"), Array.from([1, 2], (x) => x * x), Array.from({ length: 3 }, (_, i) => i * i), Array.from(new Set([1, 1, 2])), Array.from(new Map([["k", 1]])));
console.log(Array.from({ length: 2, 0: "zero", 1: "one", 2: "left out" }), Array.of(), Array.of(7, 8), Array(2).length, Array("2").length, Array.isArray([]), Array.isArray({ length: 0 }));

// Grids: each row its own, or all the same.
const grid = Array.from({ length: 3 }, () => Array(3).fill(0));
grid[1][1] = 5;
const aliased = Array(2).fill([]);
aliased[0].push("shared");
console.log(grid, aliased, grid[1]?.[1], grid[7]?.[1]);
const transposed = [[1, 2, 3], [4, 5, 6]];
console.log(transposed[0].map((_, column) => transposed.map((row) => row[column])));

// Spread, copies and identity.
const copy = [...n];
copy[0] = 99;
console.log(n[0], copy, [...n, ...copy].length, [...[[1]], ...["x"]], n === n.slice(), [[..."ab"], [...new Set("aab")]]);

// Generic methods work on what looks like an array.
const like = { length: 3, 0: "a", 1: "b", 2: "c" };
console.log(Array.prototype.map.call(like, (x: any) => x + x), Array.prototype.join.call(like, "/"), Array.prototype.slice.call("text", 1), Array.prototype.includes.call(like, "b"));
const grouped: Record<string, string[]> = {};
for (const word of ["apple", "avocado", "bean", "beet", "corn"]) (grouped[word[0]] ??= []).push(word);
console.log(grouped, Object.entries(grouped).map(([letter, words]) => letter + words.length).join(" "));
const chunk = <T>(list: T[], size: number): T[][] => (list.length ? [list.slice(0, size), ...chunk(list.slice(size), size)] : []);
console.log(chunk([1, 2, 3, 4, 5, 6, 7], 3), n.map(() => n.pop()), n);
