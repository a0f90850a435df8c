// The values of local variables after every kind of jump: exceptions, finally, breaks, loops, captures, switch.

// A variable assigned in try has its last value in catch, in finally and after.
function assigned(failAt: number) {
  let step = 0;
  let trail = "";
  let result: number | string = "none";
  try {
    step = 1;
    if (failAt === 1) throw step;
    trail += "a";
    step = 2;
    if (failAt === 2) throw step;
    trail += "b";
    result = step;
  } catch (thrown) {
    trail += "c" + (thrown as number);
    step += 10;
    if (failAt === 2) result = step;
  } finally {
    trail += "f" + step;
    step += 100;
  }
  return `${step} ${trail} ${result}`;
}
console.log([0, 1, 2].map(assigned));

// A loop with a try in it: values carry over from turn to turn whichever way the turn ended.
let survived = 0;
let last = "";
for (let i = 0, j = 100; i < 8; i++, j -= i) {
  try {
    survived += j;
    if (i % 4 === 1) continue;
    if (i % 4 === 2) throw i;
    last = "ok" + i;
    if (i === 7) break;
  } catch (thrown) {
    survived -= thrown as number;
    last = "caught" + thrown;
  } finally {
    survived++;
    last += "!";
  }
}
console.log(survived, last);

// Swaps and simultaneous updates in loops.
let [a, b, c] = [1, 2, 3];
for (let i = 0; i < 5; i++) {
  [a, b, c] = [b, c, a + b];
  if (i === 3) [a, c] = [c, a];
}
let x = 1;
let y = 2;
let temporary;
for (let i = 0; i < 3; i++) {
  temporary = x;
  x = y;
  y = temporary + y;
}
console.log(a, b, c, x, y, temporary);

// Captured variables changed by callbacks in the middle of expressions and loops.
let shared = 1;
const bump = (by: number) => (shared += by);
console.log(shared + bump(10) + shared, (shared = 5) + bump(1) * shared, shared);
const limitChanging = () => {
  let limit = 3;
  let turns = 0;
  const extend = () => (limit < 6 ? ++limit : limit);
  for (let i = 0; i < limit; i++) {
    turns++;
    [0].forEach(() => extend());
  }
  return [turns, limit];
};
console.log(limitChanging());
function rebind(parameter: number, other = () => parameter) {
  const before = other();
  parameter = parameter * 2;
  const after = other();
  const read = () => parameter;
  parameter++;
  return [before, after, read(), parameter];
}
console.log(rebind(5));

// A variable declared in a loop body is fresh each turn; without initialiser it is undefined each turn.
const fresh: unknown[] = [];
for (let i = 0; i < 3; i++) {
  let value;
  var hoisted;
  fresh.push(value, hoisted);
  value = hoisted = i;
}
console.log(fresh);
let outside = "outer";
{
  let outside = "inner";
  outside += "!";
  {
    let outside = 0;
    outside++;
  }
  console.log(outside);
}
console.log(outside);
function shadow(value: number) {
  if (value > 0) {
    let value = "shadow";
    var leaked = value;
  }
  for (let value = 0; value < 2; value++) leaked += value;
  try {
    throw "thrown";
  } catch (value) {
    leaked += value;
  }
  return [value, leaked];
}
console.log(shadow(1));

// Many live variables across calls and branches.
function many(p: number, q: string, r: boolean) {
  const v0 = p + 1, v1 = v0 * 2, v2 = q + v1, v3 = r ? v2.length : v1, v4 = [v0, v1], v5 = { v2, v3 }, v6 = () => v0 + v3, v7 = v4.map((n) => n + v6());
  const v8 = v7.reduce((s, n) => s + n, 0), v9 = v5.v2 + v8, v10 = v3 % 2 ? v8 : -v8, v11 = v10 > 0 ? v9 : q, v12 = Math.max(v0, v1, v3, v8, v10), v13 = v12 === v8;
  let total = 0;
  for (const n of v7) total += n * v0 + (v13 ? v1 : v3) - (total > 50 ? v8 : v10);
  while (total > v12) total -= v0 + v4.length;
  return [v0, v1, v2, v3, v4, v5, v6(), v7, v8, v9, v10, v11, v12, v13, total];
}
console.log(many(3, "q", true), many(-2, "text", false));

// Conditional assignments that join in different types.
function join(n: number) {
  let value: any;
  if (n > 2) value = n;
  else if (n > 1) value = "two";
  else if (n > 0) value = [n];
  const doubled = value === undefined ? null : n > 2 ? value * 2 : value + value;
  let note = n & 1 && "odd";
  note ||= "even";
  switch (n) {
    case 0: value = value ?? "zero";
    case 1: value = value + "?"; break;
    case 2: { let value = "inner"; note += value; }
    default: note = note + n;
  }
  return [value, doubled, note];
}
console.log([0, 1, 2, 3].map(join));

// Early exits from nested loops keep what was counted so far.
function search(grid: number[][], wanted: number) {
  let looked = 0;
  let found: [number, number] | null = null;
  rows: for (const [y, row] of grid.entries()) {
    for (const [x, cell] of row.entries()) {
      looked++;
      if (cell < 0) continue rows;
      if (cell === wanted) {
        found = [y, x];
        break rows;
      }
    }
  }
  return { looked, found };
}
console.log(search([[1, -1, 5], [2, 5, 3], [5]], 5), search([[-1, 9], [9]], 1), search([], 1));
const trace: string[] = [];
const run = (mode: string) => {
  for (const outer of ["x", "y"]) {
    try {
      for (let inner = 0; ; inner++) {
        try {
          if (inner === 1 && mode === "return") return outer + inner;
          if (inner === 1 && mode === "break") break;
          if (inner === 2) throw outer;
        } finally {
          trace.push(mode[0] + outer + inner);
        }
      }
      trace.push("after");
    } catch (thrown) {
      trace.push("caught " + thrown);
      if (mode === "throw" && thrown === "y") return "end";
    }
  }
  return "fell out";
};
console.log(run("return"), run("break"), run("throw"), trace.join(" "));
