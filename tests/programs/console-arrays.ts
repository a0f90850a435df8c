// How console.log shows arrays: columns for more than six entries, breaking, holes, extra properties, more than 100.

console.log([1, 2, 3, 4, 5, 6]);
console.log([1, 2, 3, 4, 5, 6, 7]);
console.log([1, 22, 333, 4444, 55555, 666666, 7777777, 88888888]);
console.log(Array.from({ length: 26 }, (_, i) => i * i));
console.log(Array.from({ length: 100 }, (_, i) => i));
console.log(Array.from({ length: 101 }, (_, i) => i));
console.log(Array.from({ length: 250 }, (_, i) => "item" + i).slice(0, 120));
console.log("abcdefghijklmnopqrstuvwxyz".split(""));
console.log(["one", "two", "three", "four", "five", "six", "seven"]);
console.log(["apple", "banana", "cherry", "date", "elderberry", "fig", "grape", "honeydew melon", "iris", "jackfruit"]);
console.log([1.5, -2.25, 3, 1e21, 0.1, -0, NaN, 100, Infinity]);
console.log([true, false, true, false, true, false, true]);
console.log([null, undefined, null, undefined, null, undefined, null]);
console.log([1, "two", 3, "four", 5, "six", 7, "eight"]);
console.log(["a".repeat(20), "b".repeat(20), "c".repeat(20)], ["a".repeat(30), "b".repeat(30), "c".repeat(30)]);
console.log(Array.from({ length: 8 }, (_, i) => "x".repeat(i * 3)));
console.log(Array.from({ length: 20 }, (_, i) => "y".repeat(1 + (i % 5))));

// Nested arrays and objects in arrays.
console.log([[1, 2], [3, 4]], [[[1]]], [[[[1]]]], [[[[]]]], [[[[[1]]]]]);
console.log([[1, 2, 3], [4, 5, 6], [7, 8, 9]]);
console.log(Array.from({ length: 8 }, (_, row) => Array.from({ length: 8 }, (_, column) => row * column)));
console.log([{ a: 1 }, { b: 2 }], [{ a: 1, b: [1, 2, { c: 3 }] }], [[{ a: { b: { c: 1 } } }]]);
console.log([[], {}, [{}], () => 1, class A {}, Symbol("s"), new Map(), new Set([1])]);
console.log(Array.from({ length: 7 }, (_, i) => ({ i })), Array.from({ length: 7 }, (_, i) => [i]));

// Holes and extra properties.
console.log([1, , 3], [, ,], [, "x"], Array(5), [undefined, , null]);
const extra: any = [1, 2];
extra.name = "extra";
extra["not an index"] = { a: 1 };
console.log(extra, Object.assign([], { only: true }), Object.assign([1, 2, 3, 4, 5, 6, 7], { k: 1 }));
const wide: any[] = [];
wide[10] = "far";
wide[12] = "further";
console.log(wide, wide.length);

// Long entries break onto lines of their own.
console.log(["a sentence that is rather long, so that two of it", "do not fit on a line of seventy-six characters"]);
console.log([1, [2, [3, [4, [5]]]]], { list: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] });
console.log({ matrix: [[1, 0, 0], [0, 1, 0], [0, 0, 1]], names: ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta"] });

// The results of methods.
console.log([3, 1, 2].entries().next(), Object.entries({ a: 1, b: 2 }), "a-b".split("-"), [..."hey"].map((c) => [c, c.charCodeAt(0)]));
const circular: any[] = [1];
circular.push(circular, [circular]);
console.log(circular);
console.log([-1, -22, 333, -4444, 5, 66, -777, 8888, 99999]);
console.log(["日本", "中国", "한국", "ελ", "ру", "é", "😀"]);
console.log([100, 200, 300, 400, 500, 600, "a much longer string among the numbers", 800]);
