// Text layout: greedy wrapping, justification, centring, columns, and a simple right-ragged table of contents.

const text =
  "The kiln is the oldest of the potter's tools after the hands themselves. It is fired slowly, " +
  "cooled more slowly still, and opened only when the heat has gone out of the bricks; whoever hurries " +
  "finds shards. An incomprehensibilities-laden word may exceed the line.";

function wrap(input: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (let word of input.split(" ")) {
    while (word.length > width) {
      const room = line === "" ? width - 1 : width - line.length - 2;
      if (room > 2) {
        line += (line === "" ? "" : " ") + word.slice(0, room) + "-";
        word = word.slice(room);
      }
      lines.push(line);
      line = "";
    }
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line += (line === "" ? "" : " ") + word;
    }
  }
  if (line !== "") lines.push(line);
  return lines;
}

function justify(line: string, width: number): string {
  const words = line.split(" ");
  if (words.length === 1) return line;
  const gaps = words.length - 1;
  const spaces = width - words.reduce((sum, word) => sum + word.length, 0);
  let result = "";
  words.forEach((word, i) => {
    result += word;
    if (i < gaps) result += " ".repeat(Math.floor(spaces / gaps) + (i < spaces % gaps ? 1 : 0));
  });
  return result;
}
const centre = (line: string, width: number) => {
  const left = (width - line.length) >> 1;
  return " ".repeat(left) + line + " ".repeat(width - line.length - left);
};

for (const width of [16, 30, 60]) {
  const lines = wrap(text, width);
  console.log(`+${"-".repeat(width + 2)}+`);
  lines.forEach((line, i) => console.log(`| ${(i < lines.length - 1 ? justify(line, width) : line).padEnd(width)} |`));
  console.log(`+${centre(` ${lines.length} lines `, width + 2)}+`);
}

// Two columns side by side.
const left = wrap(text.slice(0, 120), 24);
const right = wrap(text.slice(120), 24);
for (let i = 0; i < Math.max(left.length, right.length); i++) {
  console.log(`${(left[i] ?? "").padEnd(24)} | ${right[i] ?? ""}`.trimEnd());
}

// A table of contents with numbered, nested headings and dotted leaders.
interface Heading {
  title: string;
  page: number;
  children?: Heading[];
}
const contents: Heading[] = [
  { title: "Clay", page: 1, children: [{ title: "Digging", page: 3 }, { title: "Wedging", page: 9, children: [{ title: "By foot", page: 11 }] }] },
  { title: "Fire", page: 42, children: [{ title: "Wood", page: 50 }] },
  { title: "Glaze", page: 108 },
];
function outline(headings: Heading[], prefix = ""): string[] {
  return headings.flatMap(({ title, page, children = [] }, i) => {
    const number = `${prefix}${i + 1}`;
    const start = `${"  ".repeat(number.split(".").length - 1)}${number} ${title} `;
    return [start.padEnd(34, ".") + String(page).padStart(5, "."), ...outline(children, number + ".")];
  });
}
console.log(outline(contents).join("\n"));

// Caesar, reversal of words, palindromes, title case, vowels.
const shift = (input: string, by: number) =>
  input.split("").map((letter) => {
    const code = letter.charCodeAt(0);
    const base = code >= 97 && code <= 122 ? 97 : code >= 65 && code <= 90 ? 65 : -1;
    return base < 0 ? letter : String.fromCharCode(((code - base + by + 26) % 26) + base);
  }).join("");
const secret = shift("Hello, Kiln!", 3);
console.log(secret, shift(secret, -3));
console.log("one two three".split(" ").map((word) => [...word].reverse().join("")).join(" "));
for (const candidate of ["A man, a plan, a canal: Panama", "not one"]) {
  const letters = [...candidate.toLowerCase()].filter((letter) => letter >= "a" && letter <= "z");
  console.log(candidate, letters.join("") === letters.reverse().join(""));
}
