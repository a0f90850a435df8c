// Arithmetic on numbers of any size, kept as arrays of digits in base 10,000.

const BASE = 10000;

class Big {
  private constructor(private readonly digits: number[], private readonly negative = false) {}

  static from(source: string | number): Big {
    const text = String(source);
    const negative = text.startsWith("-");
    const plain = negative ? text.slice(1) : text;
    const digits: number[] = [];
    for (let end = plain.length; end > 0; end -= 4) digits.push(Number(plain.slice(Math.max(0, end - 4), end)));
    return Big.normal(digits, negative);
  }
  private static normal(digits: number[], negative: boolean): Big {
    while (digits.length > 0 && digits[digits.length - 1] === 0) digits.pop();
    return new Big(digits, negative && digits.length > 0);
  }
  private static compareDigits(a: number[], b: number[]): number {
    if (a.length !== b.length) return a.length < b.length ? -1 : 1;
    for (let i = a.length - 1; i >= 0; i--) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
    return 0;
  }
  private static sum(a: number[], b: number[]): number[] {
    const result: number[] = [];
    let carry = 0;
    for (let i = 0; i < a.length || i < b.length || carry > 0; i++) {
      const digit = (a[i] ?? 0) + (b[i] ?? 0) + carry;
      result.push(digit % BASE);
      carry = digit >= BASE ? 1 : 0;
    }
    return result;
  }
  private static difference(a: number[], b: number[]): number[] {
    let borrow = 0;
    return a.map((digit, i) => {
      const value = digit - (b[i] ?? 0) - borrow;
      borrow = value < 0 ? 1 : 0;
      return value + borrow * BASE;
    });
  }
  add(other: Big): Big {
    if (this.negative === other.negative) return Big.normal(Big.sum(this.digits, other.digits), this.negative);
    const order = Big.compareDigits(this.digits, other.digits);
    const [large, small] = order >= 0 ? [this, other] : [other, this];
    return Big.normal(Big.difference(large.digits, small.digits), large.negative);
  }
  negate(): Big {
    return Big.normal([...this.digits], !this.negative);
  }
  subtract(other: Big): Big {
    return this.add(other.negate());
  }
  multiply(other: Big): Big {
    const result: number[] = new Array(this.digits.length + other.digits.length).fill(0);
    for (let i = 0; i < this.digits.length; i++) {
      let carry = 0;
      for (let j = 0; j < other.digits.length || carry; j++) {
        const value = result[i + j] + this.digits[i] * (other.digits[j] ?? 0) + carry;
        result[i + j] = value % BASE;
        carry = Math.floor(value / BASE);
      }
    }
    return Big.normal(result, this.negative !== other.negative);
  }
  divideSmall(divisor: number): [quotient: Big, remainder: number] {
    const result: number[] = [];
    let remainder = 0;
    for (let i = this.digits.length - 1; i >= 0; i--) {
      const value = remainder * BASE + this.digits[i];
      result.unshift(Math.trunc(value / divisor));
      remainder = value % divisor;
    }
    return [Big.normal(result, this.negative), this.negative ? -remainder : remainder];
  }
  power(exponent: number): Big {
    if (exponent === 0) return Big.from(1);
    const half = this.power(exponent >> 1);
    const square = half.multiply(half);
    return exponent & 1 ? square.multiply(this) : square;
  }
  compare(other: Big): number {
    return this.subtract(other).sign;
  }
  get sign(): -1 | 0 | 1 {
    return this.digits.length === 0 ? 0 : this.negative ? -1 : 1;
  }
  toString(): string {
    if (this.digits.length === 0) return "0";
    const [first, ...rest] = [...this.digits].reverse();
    return (this.negative ? "-" : "") + first + rest.map((digit) => String(digit).padStart(4, "0")).join("");
  }
}

const factorial = (n: number): Big => {
  let result = Big.from(1);
  for (let i = 2; i <= n; i++) result = result.multiply(Big.from(i));
  return result;
};
console.log(`${factorial(30)}`);
console.log(String(factorial(100)));
console.log(`${Big.from(2).power(200)} ${Big.from(-3).power(5)} ${Big.from(10).power(20)}`);
let [a, b] = [Big.from(0), Big.from(1)];
for (let i = 0; i < 300; i++) [a, b] = [b, a.add(b)];
console.log(`fib(300) = ${a}`);
const pairs: [string, string][] = [["123456789012345678901234567890", "987654321098765432109876543210"], ["-5", "12"], ["10000", "-10000"], ["0", "-7"], ["99999999", "1"], ["-100000000", "1"]];
for (const [x, y] of pairs) {
  const [p, q] = [Big.from(x), Big.from(y)];
  console.log(`${p.add(q)} | ${p.subtract(q)} | ${p.multiply(q)} | ${p.compare(q)} ${p.sign} ${q.negate()}`);
}
const [quotient, remainder] = Big.from("1000000000000000000000000000007").divideSmall(97);
console.log(`${quotient} r ${remainder}`, `${quotient.multiply(Big.from(97)).add(Big.from(remainder))}`);
let digits = 0;
for (const digit of String(Big.from(2).power(1000))) digits += +digit;
console.log(digits, String(factorial(200)).length, Big.from("000123"), `${Big.from("-0")}`);
const numbers = ["30", "-2", "1000000", "4", "-20000"].map(Big.from).sort((x, y) => x.compare(y));
console.log(numbers.join(" < "));
