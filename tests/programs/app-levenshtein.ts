// Dynamic programming on strings: edit distance with its script, longest common subsequence, knapsack, suggestions.

function levenshtein(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      current[j] = Math.min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + cost);
    }
    previous = current;
  }
  return previous[b.length];
}
for (const [a, b] of [["kitten", "sitting"], ["", "abc"], ["flaw", "lawn"], ["same", "same"], ["intention", "execution"], ["naïve", "naive"], ["😀", "😁"]]) {
  console.log(`${a || "(empty)"} -> ${b}: ${levenshtein(a, b)} ${levenshtein(b, a)}`);
}

type Step = { kind: "keep" | "insert" | "delete"; line: string };
function diff(before: string[], after: string[]): Step[] {
  const lengths: number[][] = Array.from({ length: before.length + 1 }, () => new Array(after.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      lengths[i][j] = before[i] === after[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  const steps: Step[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      steps.push({ kind: "keep", line: before[i++] });
      j++;
    } else if (j >= after.length || (i < before.length && lengths[i + 1][j] >= lengths[i][j + 1])) {
      steps.push({ kind: "delete", line: before[i++] });
    } else {
      steps.push({ kind: "insert", line: after[j++] });
    }
  }
  return steps;
}
const signs = { keep: " ", insert: "+", delete: "-" } as const;
const before = "the quick brown fox jumps over the lazy dog".split(" ");
const after = "the slow brown fox walks over a very lazy dog".split(" ");
const steps = diff(before, after);
console.log(steps.map(({ kind, line }) => signs[kind] + line).join("\n"));
console.log(steps.filter(({ kind }) => kind !== "delete").map(({ line }) => line).join(" ") === after.join(" "), steps.length);

// Suggestions, as a compiler gives them.
const known = ["linker", "driver", "library", "action", "compiler", "output", "sources"];
const suggest = (word: string) => {
  const [best] = known.map((name) => ({ name, distance: levenshtein(word, name) })).filter(({ distance }) => distance <= 3).sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return best ? `${word}: did you mean ${best.name}?` : `${word}: no idea`;
};
console.log(["linkr", "libary", "ouptut", "driver", "xyzzy", "actoin"].map(suggest).join("\n"));

// Knapsack with the chosen items.
const items = [{ name: "map", weight: 9, value: 150 }, { name: "compass", weight: 13, value: 35 }, { name: "water", weight: 153, value: 200 }, { name: "sandwich", weight: 50, value: 160 }, { name: "glucose", weight: 15, value: 60 }, { name: "tin", weight: 68, value: 45 }, { name: "banana", weight: 27, value: 60 }, { name: "apple", weight: 39, value: 40 }, { name: "cheese", weight: 23, value: 30 }];
function knapsack(limit: number) {
  const best: { value: number; names: string[] }[] = Array.from({ length: limit + 1 }, () => ({ value: 0, names: [] }));
  for (const { name, weight, value } of items) {
    for (let room = limit; room >= weight; room--) {
      const candidate = best[room - weight].value + value;
      if (candidate > best[room].value) best[room] = { value: candidate, names: [...best[room - weight].names, name] };
    }
  }
  return best[limit];
}
console.log(knapsack(200), knapsack(10), knapsack(0));

// Longest increasing subsequence, longest palindrome, and a memo with a composite key.
const increasing = (list: number[]) => {
  const tails: number[] = [];
  for (const n of list) {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (tails[middle] < n) low = middle + 1;
      else high = middle;
    }
    tails[low] = n;
  }
  return tails.length;
};
function palindrome(text: string): string {
  let best = "";
  for (let centre = 0; centre < text.length; centre++) {
    for (const odd of [0, 1]) {
      let [low, high] = [centre, centre + odd];
      while (low >= 0 && high < text.length && text[low] === text[high]) low--, high++;
      if (high - low - 1 > best.length) best = text.slice(low + 1, high);
    }
  }
  return best;
}
const memo = new Map<string, number>();
const paths = (x: number, y: number): number => {
  if (x === 0 || y === 0) return 1;
  const key = `${x},${y}`;
  return memo.get(key) ?? (memo.set(key, paths(x - 1, y) + paths(x, y - 1)), memo.get(key)!);
};
console.log(increasing([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9]), palindrome("forgeeksskeegfor"), palindrome("banana"), paths(16, 16), memo.size);
const long = (seed: number) => Array.from({ length: 400 }, (_, i) => String.fromCharCode(97 + ((i * i + seed * i) % 7))).join("");
console.log(levenshtein(long(1), long(3)), levenshtein(long(2), long(2) + "x"));
