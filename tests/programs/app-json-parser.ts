// A recursive descent parser and printer for JSON, written by hand.

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

class ParseError extends Error {
  constructor(message: string, readonly line: number, readonly column: number) {
    super(`${message} at ${line}:${column}`);
    this.name = "ParseError";
  }
}

class Parser {
  private at = 0;
  constructor(private readonly text: string) {}

  static parse(text: string): Json {
    const parser = new Parser(text);
    const value = parser.value();
    parser.space();
    if (parser.at < text.length) parser.fail(`unexpected '${text[parser.at]}' after the value`);
    return value;
  }

  private fail(message: string): never {
    const before = this.text.slice(0, this.at).split("\n");
    throw new ParseError(message, before.length, before[before.length - 1].length + 1);
  }

  private space() {
    while (this.at < this.text.length && " \n\r\t".includes(this.text[this.at])) this.at++;
  }

  private take(token: string): boolean {
    this.space();
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }

  private value(): Json {
    this.space();
    const next = this.text[this.at];
    switch (next) {
      case "{": return this.object();
      case "[": return this.array();
      case '"': return this.string();
      case undefined: return this.fail("unexpected end");
    }
    if (this.take("null")) return null;
    if (this.take("true")) return true;
    if (this.take("false")) return false;
    if (next === "-" || (next >= "0" && next <= "9")) return this.number();
    return this.fail(`unexpected '${next}'`);
  }

  private object(): Json {
    const result: { [key: string]: Json } = {};
    this.at++;
    if (this.take("}")) return result;
    do {
      this.space();
      if (this.text[this.at] !== '"') this.fail("expected a key");
      const key = this.string();
      if (!this.take(":")) this.fail("expected ':'");
      result[key] = this.value();
    } while (this.take(","));
    if (!this.take("}")) this.fail("expected '}'");
    return result;
  }

  private array(): Json[] {
    const result: Json[] = [];
    this.at++;
    if (this.take("]")) return result;
    do result.push(this.value());
    while (this.take(","));
    return this.take("]") ? result : this.fail("expected ']'");
  }

  private number(): number {
    const start = this.at;
    const digits = () => {
      const from = this.at;
      while (this.text[this.at] >= "0" && this.text[this.at] <= "9") this.at++;
      if (this.at === from) this.fail("expected a digit");
    };
    if (this.text[this.at] === "-") this.at++;
    digits();
    if (this.text[this.at] === ".") this.at++, digits();
    if (this.text[this.at]?.toLowerCase() === "e") {
      this.at++;
      if ("+-".includes(this.text[this.at] ?? " ")) this.at++;
      digits();
    }
    return Number(this.text.slice(start, this.at));
  }

  private string(): string {
    const escapes: Record<string, string> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", '"': '"', "\\": "\\", "/": "/" };
    let result = "";
    for (this.at++; this.text[this.at] !== '"'; this.at++) {
      const unit = this.text[this.at];
      if (unit === undefined || unit < " ") this.fail("unterminated string");
      if (unit !== "\\") {
        result += unit;
      } else if (this.text[++this.at] === "u") {
        result += String.fromCharCode(parseInt(this.text.slice(this.at + 1, this.at + 5), 16));
        this.at += 4;
      } else {
        result += escapes[this.text[this.at]] ?? this.fail(`bad escape '${this.text[this.at]}'`);
      }
    }
    this.at++;
    return result;
  }
}

function print(value: Json, indent = ""): string {
  if (Array.isArray(value)) return value.length === 0 ? "[]" : `[${value.map((item) => print(item, indent)).join(", ")}]`;
  if (typeof value === "string") return `"${value.split("\\").join("\\\\").split('"').join('\\"').split("\n").join("\\n")}"`;
  if (typeof value !== "object" || value === null) return String(value);
  const inner = indent + "  ";
  const lines = Object.entries(value).map(([key, item]) => `${inner}${print(key)}: ${print(item, inner)}`);
  return lines.length === 0 ? "{}" : `{\n${lines.join(",\n")}\n${indent}}`;
}

const document = `{
  "name": "kiln \\"x\\" \\u00e9\\ud83d\\ude00", "version": [1, 20.5, -3e-2, 1E3],
  "nested": {"empty": {}, "list": [], "deep": [[["x"]]], "flags": [true, false, null]},
  "path": "C:\\\\temp\\/file\\n"
}`;
const parsed = Parser.parse(document) as any;
console.log(parsed);
console.log(print(parsed));
console.log(print(Parser.parse(print(parsed))) === print(parsed), parsed.nested.deep[0][0][0], parsed.name.length);
for (const bad of ["", "{", '{"a" 1}', "[1,\n 2,\n x]", '"open', "[1 2]", "-", '{"a": tru}', "1 2", '["\\q"]']) {
  try {
    console.log(Parser.parse(bad));
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    console.log(`${error.name}: ${error.message}`, error.line, error.column);
  }
}
let deep = "[]";
for (let i = 0; i < 500; i++) deep = `[${deep},${i}]`;
let depth = 0;
for (let node = Parser.parse(deep) as Json[]; node.length > 0; node = node[0] as Json[]) depth += node[1] as number;
console.log(depth, deep.length);
