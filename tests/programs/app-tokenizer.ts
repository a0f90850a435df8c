// A tokenizer and interpreter for a small language with variables, loops and functions, without regular expressions.

enum Kind {
  Number,
  Name,
  Text,
  Symbol,
  End,
}
interface Token {
  kind: Kind;
  text: string;
  line: number;
}
const isDigit = (c: string) => c >= "0" && c <= "9";
const isLetter = (c: string) => (c >= "a" && c <= "z") || (c >= "A" && c <= "Z") || c === "_";

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let i = 0;
  const scan = (kind: Kind, accept: (c: string) => boolean) => {
    const start = i;
    while (i < source.length && accept(source[i])) i++;
    tokens.push({ kind, text: source.slice(start, i), line });
  };
  while (i < source.length) {
    const c = source[i];
    if (c === "\n") line++, i++;
    else if (c === " " || c === "\t") i++;
    else if (c === "#") while (i < source.length && source[i] !== "\n") i++;
    else if (isDigit(c)) scan(Kind.Number, (d) => isDigit(d) || d === ".");
    else if (isLetter(c)) scan(Kind.Name, (d) => isLetter(d) || isDigit(d));
    else if (c === '"') {
      const end = source.indexOf('"', i + 1);
      if (end < 0) throw new SyntaxError(`line ${line}: text without end`);
      tokens.push({ kind: Kind.Text, text: source.slice(i + 1, end), line });
      i = end + 1;
    } else {
      const two = source.substr(i, 2);
      const text = ["==", "!=", "<=", ">=", "&&", "||"].includes(two) ? two : c;
      if (!"+-*/%<>=(){},;!".includes(text[0]) && text.length < 2) throw new SyntaxError(`line ${line}: stray ${c}`);
      tokens.push({ kind: Kind.Symbol, text, line });
      i += text.length;
    }
  }
  tokens.push({ kind: Kind.End, text: "", line });
  return tokens;
}
console.log(tokenize('let x1 = 3.5; # comment\nif (x1 >= 2) print("a b");').map(({ kind, text, line }) => `${line}:${Kind[kind]}:${text}`).join(" "));

// The program is compiled to closures.
type Value = number | string | boolean | ((args: Value[]) => Value) | null;
type Scope = { values: Map<string, Value>; outer: Scope | null };
type Code = (scope: Scope) => Value;
class Return {
  constructor(readonly value: Value) {}
}

function compile(source: string, output: string[]): Code {
  const tokens = tokenize(source);
  let at = 0;
  const next = () => tokens[at++];
  const match = (text: string) => tokens[at].text === text && tokens[at].kind !== Kind.Text && ++at > 0;
  const expect = (text: string) => {
    if (!match(text)) throw new SyntaxError(`line ${tokens[at].line}: expected ${text}, found ${tokens[at].text || "the end"}`);
  };
  const find = (scope: Scope, name: string): Scope => {
    for (let s: Scope | null = scope; s; s = s.outer) if (s.values.has(name)) return s;
    throw new ReferenceError(`no variable ${name}`);
  };
  const levels = [["||"], ["&&"], ["==", "!="], ["<", ">", "<=", ">="], ["+", "-"], ["*", "/", "%"]];
  const operate: Record<string, (a: any, b: any) => Value> = {
    "+": (a, b) => a + b, "-": (a, b) => a - b, "*": (a, b) => a * b, "/": (a, b) => a / b, "%": (a, b) => a % b,
    "<": (a, b) => a < b, ">": (a, b) => a > b, "<=": (a, b) => a <= b, ">=": (a, b) => a >= b, "==": (a, b) => a === b, "!=": (a, b) => a !== b,
  };
  function expression(level = 0): Code {
    if (level === levels.length) return unary();
    let left = expression(level + 1);
    while (levels[level].includes(tokens[at].text) && tokens[at].kind === Kind.Symbol) {
      const operator = next().text;
      const [a, b] = [left, expression(level + 1)];
      left = operator === "||" ? (s) => a(s) || b(s) : operator === "&&" ? (s) => a(s) && b(s) : (s) => operate[operator](a(s), b(s));
    }
    return left;
  }
  function unary(): Code {
    if (match("-")) return ((inner) => (s: Scope) => -(inner(s) as number))(unary());
    if (match("!")) return ((inner) => (s: Scope) => !inner(s))(unary());
    let result = primary();
    while (match("(")) {
      const args: Code[] = [];
      while (!match(")")) {
        args.push(expression());
        if (tokens[at].text !== ")") expect(",");
      }
      const callee = result;
      result = (s) => {
        const f = callee(s);
        if (typeof f !== "function") throw new TypeError(`${String(f)} is no function`);
        return f(args.map((arg) => arg(s)));
      };
    }
    return result;
  }
  function primary(): Code {
    const { kind, text, line } = next();
    if (kind === Kind.Number) return ((value) => () => value)(Number(text));
    if (kind === Kind.Text) return () => text;
    if (text === "fn") return lambda();
    if (kind === Kind.Name) return (s) => find(s, text).values.get(text)!;
    if (text !== "(") throw new SyntaxError(`line ${line}: unexpected ${text || "end"}`);
    const inner = expression();
    expect(")");
    return inner;
  }
  function lambda(): Code {
    const names: string[] = [];
    expect("(");
    while (!match(")")) names.push(next().text), match(",");
    const body = block();
    return (outer) => (args) => {
      try {
        body({ values: new Map(names.map((name, i) => [name, args[i] ?? null])), outer });
      } catch (thrown) {
        if (thrown instanceof Return) return thrown.value;
        throw thrown;
      }
      return null;
    };
  }
  function block(): Code {
    expect("{");
    const body: Code[] = [];
    while (!match("}")) body.push(statement());
    return (outer) => {
      const scope: Scope = { values: new Map(), outer };
      for (const code of body) code(scope);
      return null;
    };
  }
  function statement(): Code {
    if (match("while")) {
      const [test, body] = [expression(), block()];
      return (s) => { while (test(s)) body(s); return null; };
    }
    if (match("if")) {
      const [test, then] = [expression(), block()];
      const other = match("else") ? (tokens[at].text === "if" ? statement() : block()) : null;
      return (s) => (test(s) ? then(s) : other ? other(s) : null);
    }
    if (match("return")) return ended((value) => (s) => { throw new Return(value(s)); });
    if (match("print")) return ended((value) => (s) => { output.push(String(value(s))); return null; });
    const declares = match("let");
    if (tokens[at + 1].text === "=" && tokens[at].kind === Kind.Name) {
      const name = next().text;
      at++;
      return ended((value) => (s) => { const v = value(s); (declares ? s : find(s, name)).values.set(name, v); return null; });
    }
    return ended((value) => value);
  }
  function ended(make: (value: Code) => Code): Code {
    const value = expression();
    expect(";");
    return make(value);
  }
  const program: Code[] = [];
  while (tokens[at].kind !== Kind.End) program.push(statement());
  return (scope) => (program.forEach((code) => code(scope)), null);
}

const programs = [
  'let i = 0; let sum = 0; while (i < 10) { i = i + 1; if (i % 2 == 0) { sum = sum + i * i; } else if (i == 7) { print "seven"; } } print sum;',
  "let fib = fn(n) { if (n < 2) { return n; } return fib(n - 1) + fib(n - 2); }; print fib(18);",
  "let counter = fn() { let n = 0; return fn() { n = n + 1; return n; }; }; let a = counter(); let b = counter(); a(); a(); print a() * 10 + b();",
  'print "a" + 1 + 2; print -(3 + 4) * 2 / 4; print 1 < 2 && !(2 < 1) || nothing; print (fn(x, y) { return y; })(1);',
  "print 1;\nprint missing;",
  "let x = 5; x(1);",
  "print (1 + ;",
  "let s = \"open;",
  "{",
];
for (const source of programs) {
  const output: string[] = [];
  try {
    compile(source, output)({ values: new Map(), outer: null });
    console.log(output.join(" "));
  } catch (error) {
    console.log(output.join(" "), "|", (error as Error).name + ":", (error as Error).message);
  }
}
