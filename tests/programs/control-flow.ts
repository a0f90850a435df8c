// Loops, labels, switch, and the odd corners of break and continue.

// Labelled continue and break across several loops.
const found: string[] = [];
outer: for (let i = 0; i < 5; i++) {
  for (let j = 0; j < 5; j++) {
    if (j === 3) continue outer;
    if (i === 3) break outer;
    if ((i + j) % 2) continue;
    found.push(`${i}${j}`);
  }
  found.push("never");
}
console.log(found.join(" "));

block: {
  if (found.length > 3) break block;
  console.log("not reached");
}
a: b: for (const x of [1, 2]) {
  for (;;) {
    if (x === 1) continue b;
    break a;
  }
}

// do-while runs once at least; continue goes to the test.
let turns = 0;
do {
  turns++;
  if (turns < 3) continue;
} while (turns < 3 && turns !== 0);
do turns += 10; while (false);
console.log(turns);

// for with parts missing, several variables, comma.
let log = "";
for (let low = 0, high = 9; low < high; low++, high -= 2) log += `${low}-${high} `;
let k = 0;
for (;;) if (++k > 4) break;
for (; k < 8; ) k += 3;
console.log(log, k);

// while with assignment as condition.
const queue = [3, 2, 1];
let item: number | undefined;
let drained = "";
while ((item = queue.pop()) !== undefined) drained += item;
console.log(drained, item);

// Fallthrough, default in the middle, strict comparison, cases that are expressions.
function kind(value: any): string {
  const out: string[] = [];
  switch (value) {
    case 1:
      out.push("one");
    case 2:
      out.push("two");
      break;
    default:
      out.push("default");
    case 3:
      out.push("three");
      break;
    case "1":
      return "string";
    case 2 + 2:
      out.push("four");
  }
  return out.join("+");
}
console.log([1, 2, 3, 4, "1", 9, NaN, null].map(kind));
function grade(score: number) {
  switch (true) {
    case score >= 90: return "A";
    case score >= 75: return "B";
    default: return "C";
  }
}
console.log([95, 80, 10].map(grade));
function days(month: number, leap: boolean): number {
  switch (month) {
    case 4: case 6: case 9: case 11:
      return 30;
    case 2:
      if (leap) return 29;
      return 28;
  }
  return 31;
}
console.log([1, 2, 4, 11, 12].map((month) => days(month, month === 2)), days(2, false));

// break in a switch in a loop leaves the switch; continue goes on with the loop.
let trail = "";
for (let i = 0; i < 6; i++) {
  switch (i) {
    case 1: continue;
    case 3: break;
    case 5: trail += "!";
    default: trail += i;
  }
  trail += ",";
}
console.log(trail);

// A switch without a match, without cases, and one whose cases are tried in order only as far as needed.
let tried = "";
const test = (n: number) => ((tried += n), n);
switch (2) {
  case test(1):
  case test(2):
  case test(3):
}
switch (test(9)) {}
console.log(tried);

// Conditional chains, comma, empty statements, dangling else.
const sign = (x: number) => (x > 0 ? "+" : x < 0 ? "-" : "0");
console.log(sign(5), sign(-5), sign(0), (1, 2, 3));
if (turns > 0) if (turns > 1000) console.log("huge"); else console.log("small");
for (let i = 0; i < 3; i++);

// Returning out of nested loops, and a function that falls off its end.
function firstPair(limit: number) {
  for (let i = 1; i < limit; i++) for (let j = i; j < limit; j++) if (i * j === 42) return [i, j];
}
console.log(firstPair(20), firstPair(3));
