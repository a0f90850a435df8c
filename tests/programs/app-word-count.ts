// Text statistics: words, letters, n-grams, a concordance, an index, run lengths, a Markov chain, and Huffman codes.

const text = `It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness,
it was the epoch of belief, it was the epoch of incredulity, it was the season of Light, it was the season of Darkness,
it was the spring of hope, it was the winter of despair; we had everything before us -- we had nothing before us.
Don't panic: "naïve café" words count, too.`;

const isWordLetter = (c: string) => c.toLowerCase() !== c.toUpperCase() || c === "'";
function words(input: string): string[] {
  const result: string[] = [];
  let word = "";
  for (const c of input + " ") {
    if (isWordLetter(c)) word += c.toLowerCase();
    else if (word !== "") {
      result.push(word);
      word = "";
    }
  }
  return result;
}
const all = words(text);
const lines = text.split("\n");
console.log(lines.length, all.length, text.length, new Set(all).size, all.slice(-5));

const counts = new Map<string, number>();
for (const word of all) counts.set(word, (counts.get(word) ?? 0) + 1);
const ranking = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
for (const [word, count] of ranking.slice(0, 8)) console.log(`${word.padEnd(8)} ${String(count).padStart(3)} ${"▇".repeat(count)}`);

const byLength = all.reduce<Record<number, Set<string>>>((table, word) => {
  (table[word.length] ??= new Set()).add(word);
  return table;
}, {});
console.log(byLength[10], byLength[11], Object.entries(byLength).map(([length, set]) => `${length}:${set.size}`).join(" "));

const letters: { [letter: string]: number } = {};
for (const c of text.toLowerCase()) if (c >= "a" && c <= "z") letters[c] = (letters[c] || 0) + 1;
console.log(Object.keys(letters).sort().map((letter) => letter + letters[letter]).join(" "), Object.keys(letters).length);

const bigrams = new Map<string, number>();
all.forEach((word, i) => {
  if (i === 0) return;
  const pair = `${all[i - 1]} ${word}`;
  bigrams.set(pair, (bigrams.get(pair) ?? 0) + 1);
});
console.log([...bigrams].filter(([, count]) => count > 2).sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])));

// Where each word stands.
const index: Record<string, string[]> = {};
lines.forEach((line, row) => words(line).forEach((word, column) => (index[word] ||= []).push(`${row + 1}.${column + 1}`)));
console.log(index["before"], index.it.length, index["constructor"] === undefined, index["café"], Object.keys(index).filter((word) => word.length > 9));
const context = (needle: string, width: number) => {
  const found: string[] = [];
  const flat = lines.join(" ");
  for (let at = flat.indexOf(needle); at >= 0; at = flat.indexOf(needle, at + 1)) {
    found.push(`${flat.slice(Math.max(0, at - width), at).padStart(width)}[${needle}]${flat.substring(at + needle.length, at + needle.length + width)}`);
  }
  return found.join("\n");
};
console.log(context("epoch", 12));

// Run lengths there and back.
const encode = (input: string) => {
  let result = "";
  for (let i = 0, run = 1; i < input.length; i += run, run = 1) {
    while (input[i + run] === input[i]) run++;
    result += (run > 1 ? run : "") + input[i];
  }
  return result;
};
const decode = (input: string) => {
  let result = "";
  let run = "";
  for (const c of input) {
    if (c >= "0" && c <= "9") run += c;
    else (result += c.repeat(run === "" ? 1 : parseInt(run, 10))), (run = "");
  }
  return result;
};
const runs = "WWWWWWWWWWWWBWWWWWWWWWWWWBBBWWWW";
console.log(encode(runs), decode(encode(runs)) === runs);

// Huffman codes: the tree is built from the two rarest each time, ties by order of birth.
type Tree = { weight: number; born: number; symbol?: string; left?: Tree; right?: Tree };
function huffman(input: string): Map<string, string> {
  const weights = new Map<string, number>();
  for (const c of input) weights.set(c, (weights.get(c) ?? 0) + 1);
  let born = 0;
  const forest: Tree[] = [...weights].map(([symbol, weight]) => ({ symbol, weight, born: born++ }));
  while (forest.length > 1) {
    forest.sort((a, b) => a.weight - b.weight || a.born - b.born);
    const [left, right] = forest.splice(0, 2);
    forest.push({ left, right, weight: left.weight + right.weight, born: born++ });
  }
  const codes = new Map<string, string>();
  const walk = ({ symbol, left, right }: Tree, code: string) => {
    if (symbol !== undefined) codes.set(symbol, code || "0");
    else walk(left!, code + "0"), walk(right!, code + "1");
  };
  walk(forest[0], "");
  return codes;
}
const codes = huffman("abracadabra alakazam");
const bits = [..."abracadabra alakazam"].map((c) => codes.get(c)!).join("");
console.log(codes, bits.length, bits);
const reverse = new Map([...codes].map(([symbol, code]) => [code, symbol]));
let decoded = "";
let pending = "";
for (const bit of bits) {
  pending += bit;
  const symbol = reverse.get(pending);
  if (symbol !== undefined) (decoded += symbol), (pending = "");
}
console.log(decoded);

// A chain of words: what follows what, walked with a fixed generator.
const chain: Record<string, string[]> = {};
all.slice(0, -1).forEach((word, i) => (chain[word] ??= []).push(all[i + 1]));
let state = 7;
let word = "it";
const sentence = [word];
while (sentence.length < 15) {
  state = (state * 75 + 74) % 65537;
  const choices = chain[word] ?? ["it"];
  sentence.push((word = choices[state % choices.length]));
}
console.log(sentence.join(" "));
