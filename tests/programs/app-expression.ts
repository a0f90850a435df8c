// An expression evaluator: tokens, a Pratt parser, a tree of classes, evaluation, simplification and derivation.

abstract class Expression {
  abstract evaluate(variables: ReadonlyMap<string, number>): number;
  abstract derive(by: string): Expression;
  simplify(): Expression {
    return this;
  }
  abstract toString(): string;
}
class Constant extends Expression {
  constructor(readonly value: number) {
    super();
  }
  evaluate() {
    return this.value;
  }
  derive(): Expression {
    return new Constant(0);
  }
  toString() {
    return this.value < 0 ? `(${this.value})` : `${this.value}`;
  }
}
class Variable extends Expression {
  constructor(readonly name: string) {
    super();
  }
  evaluate(variables: ReadonlyMap<string, number>) {
    const value = variables.get(this.name);
    if (value === undefined) throw new ReferenceError(`unknown variable ${this.name}`);
    return value;
  }
  derive(by: string): Expression {
    return new Constant(by === this.name ? 1 : 0);
  }
  toString() {
    return this.name;
  }
}
type Operator = "+" | "-" | "*" | "/" | "^";
class Operation extends Expression {
  static readonly power: Record<Operator, number> = { "+": 1, "-": 1, "*": 2, "/": 2, "^": 3 };
  static readonly compute: Record<Operator, (a: number, b: number) => number> = {
    "+": (a, b) => a + b,
    "-": (a, b) => a - b,
    "*": (a, b) => a * b,
    "/": (a, b) => a / b,
    "^": (a, b) => a ** b,
  };
  constructor(readonly operator: Operator, readonly left: Expression, readonly right: Expression) {
    super();
  }
  evaluate(variables: ReadonlyMap<string, number>): number {
    return Operation.compute[this.operator](this.left.evaluate(variables), this.right.evaluate(variables));
  }
  derive(by: string): Expression {
    const { left, right } = this;
    const make = (operator: Operator, a: Expression, b: Expression) => new Operation(operator, a, b);
    switch (this.operator) {
      case "+":
      case "-":
        return make(this.operator, left.derive(by), right.derive(by));
      case "*":
        return make("+", make("*", left.derive(by), right), make("*", left, right.derive(by)));
      case "/":
        return make("/", make("-", make("*", left.derive(by), right), make("*", left, right.derive(by))), make("^", right, new Constant(2)));
      case "^":
        if (!(right instanceof Constant)) throw new Error("only constant exponents");
        return make("*", make("*", right, make("^", left, new Constant(right.value - 1))), left.derive(by));
    }
  }
  override simplify(): Expression {
    const left = this.left.simplify();
    const right = this.right.simplify();
    const isValue = (side: Expression, value: number) => side instanceof Constant && side.value === value;
    if (left instanceof Constant && right instanceof Constant) return new Constant(Operation.compute[this.operator](left.value, right.value));
    if (this.operator === "*" && (isValue(left, 0) || isValue(right, 0))) return new Constant(0);
    if (isValue(right, 0) && "+-".includes(this.operator)) return left;
    if (isValue(right, 1) && "*/^".includes(this.operator)) return left;
    if (isValue(left, 0) && this.operator === "+") return right;
    if (isValue(left, 1) && this.operator === "*") return right;
    return new Operation(this.operator, left, right);
  }
  toString() {
    const wrap = (side: Expression, stronger: boolean) =>
      side instanceof Operation && (Operation.power[side.operator] < Operation.power[this.operator] || (stronger && Operation.power[side.operator] === Operation.power[this.operator]))
        ? `(${side})`
        : `${side}`;
    return `${wrap(this.left, this.operator === "^")} ${this.operator} ${wrap(this.right, this.operator !== "^")}`;
  }
}

function parse(source: string): Expression {
  const tokens: string[] = [];
  for (let i = 0; i < source.length; ) {
    const start = i;
    const isWord = (letter = "") => (letter >= "a" && letter <= "z") || (letter >= "0" && letter <= "9") || letter === ".";
    if (isWord(source[i])) while (isWord(source[i])) i++;
    else i++;
    if (source.slice(start, i) !== " ") tokens.push(source.slice(start, i));
  }
  let at = 0;
  function atom(): Expression {
    const token = tokens[at++];
    if (token === undefined) throw new SyntaxError("unexpected end");
    if (token === "-") return new Operation("-", new Constant(0), climb(2));
    if (token === "(") {
      const inner = climb(1);
      if (tokens[at++] !== ")") throw new SyntaxError("expected )");
      return inner;
    }
    const value = Number(token);
    if (!Number.isNaN(value)) return new Constant(value);
    if (token >= "a" && token < "{") return new Variable(token);
    throw new SyntaxError(`unexpected ${token}`);
  }
  function climb(minimum: number): Expression {
    let left = atom();
    for (;;) {
      const operator = tokens[at] as Operator;
      const power = Operation.power[operator];
      if (!(power >= minimum)) return left;
      at++;
      left = new Operation(operator, left, climb(operator === "^" ? power : power + 1));
    }
  }
  const result = climb(1);
  if (at < tokens.length) throw new SyntaxError(`unexpected ${tokens[at]}`);
  return result;
}

const variables = new Map([["x", 3], ["y", 0.5]]);
for (const source of ["1 + 2 * 3", "(1 + 2) * 3", "2 ^ 3 ^ 2", "10 - 4 - 3", "x * x + 2 * x + 1", "-x ^ 2", "x / y / 2", "8 / (4 / 2)", "1.5 * (x - 0)", "z + 1", "1 +", "(2", "2 $ 3", "4 4"]) {
  try {
    const tree = parse(source);
    console.log(source, "=", tree.evaluate(variables), "|", `${tree}`, "|", `${tree.derive("x").simplify()}`);
  } catch (error) {
    console.log(source, "fails:", (error as Error).name, (error as Error).message);
  }
}
console.log(parse("2 * x + 1"));
