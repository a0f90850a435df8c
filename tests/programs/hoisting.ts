// Hoisting and the temporal dead zone: what may be used before its line, and the errors of what may not.

function attempt(label: string, action: () => unknown) {
  try {
    console.log(label, "->", action());
  } catch (error) {
    const { name, message } = error as Error;
    console.log(label, "->", name + ": " + message);
  }
}

// Functions are there from the start, `var` is undefined, `let`, `const` and classes are not there yet.
console.log(early(), typeof later, later);
attempt("let", () => lexical);
attempt("const", () => constant);
attempt("class", () => new Klass());
attempt("function expression", () => (expression as any)());
attempt("typeof let", () => typeof lexical);
attempt("assignment", () => (lexical = 2));
function early() {
  return "early " + inner();
  function inner() {
    return "inner";
  }
}
var later = "assigned";
let lexical = 1;
const constant = 3;
class Klass {
  value = lexical;
}
var expression = () => "expression";
console.log(later, lexical, constant, new Klass().value, expression());

// A closure called too early fails, the same closure called later does not.
const read = () => captured;
attempt("before", read);
let captured = "ready";
attempt("after", read);

// Blocks shadow; the inner variable is dead until its line even though an outer one exists.
let shadow = "outer";
{
  attempt("shadowed", () => shadow);
  let shadow = "inner";
  attempt("initialised", () => shadow);
}
console.log(shadow);
attempt("self reference", () => {
  let x: any = (() => x)();
});
attempt("own class", () => {
  class Broken extends (Broken as any) {}
});

// Parameters: defaults see earlier parameters, not later ones.
attempt("left to right", () => ((a: number, b = a * 2, c = a + b) => [a, b, c])(1));
attempt("right to left", () => ((a = b, b = 1) => [a, b])());
attempt("given anyway", () => ((a = b, b = 1) => [a, b])(5));

// A switch is one block.
attempt("switch", () => {
  switch (2 as number) {
    case 1:
      let inCase = 1;
    case 2:
      return inCase;
  }
});

// In loops each turn starts dead again.
attempt("loop", () => {
  const seen: string[] = [];
  for (let i = 0; i < 2; i++) {
    try {
      seen.push("read " + value);
    } catch (error) {
      seen.push((error as Error).name);
    }
    let value = i;
    seen.push("have " + value);
  }
  return seen.join(", ");
});

// `var` is visible in the whole function, through blocks, loops and catch.
function scattered(flag: boolean) {
  if (flag) {
    var inBlock = "set";
  }
  for (var i = 0; i < 3; i++) var last = i;
  try {
    throw 1;
  } catch {
    var inCatch = "caught";
  }
  return [inBlock, i, last, inCatch, typeof unreachable];
  var unreachable;
}
console.log(scattered(true), scattered(false));
var repeated = 1;
var repeated: number;
console.log(repeated);

// Functions in blocks, mutual recursion declared after use, and a function that replaces nothing outside.
console.log(isEven(10), isOdd(7));
function isEven(n: number): boolean {
  return n === 0 || isOdd(n - 1);
}
function isOdd(n: number): boolean {
  return n !== 0 && isEven(n - 1);
}
{
  console.log(local());
  function local() {
    return "block function";
  }
}
attempt("undeclared", () => (globalThis as any).nowhere);
attempt("call of undefined", () => (laterFunction as any)());
var laterFunction = () => 1;
