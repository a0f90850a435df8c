// Text to numbers: Number(), unary plus, parseInt and parseFloat, and their different ideas of garbage.

const inputs = [
  "42", "  42\n", "-42", "+42", "4.5", ".5", "5.", "-.5", "1e3", "1E-2", "1e", "0x1F", "-0x1F", "0b101", "0o17", "017",
  "12px", "px12", "", "   ", "Infinity", "-Infinity", "infinity", "NaN", "1_000", "1,000", "--1", "+ 1", "1e1000", "1e-400", "-0", "0.0000001",
  "９", "12e", "e5", ".", "-", "\u00a07\ufeff", "1 2", "123456789012345678901234567890",
];
for (const input of inputs) {
  console.log([input], Number(input), parseInt(input), parseFloat(input), +input === Number(input) || Number.isNaN(+input));
}

// Radixes of parseInt.
console.log(parseInt("ff", 16), parseInt("0xff", 16), parseInt("0xff", 10), parseInt("101", 2), parseInt("129", 2), parseInt("z", 36));
console.log(parseInt("7", 7), parseInt("8", 8), parseInt("12", 1), parseInt("12", 0), parseInt("12", 37), parseInt("-ff", 16), parseInt("9007199254740993"));
console.log(parseInt(null as any), parseInt("null", 36), parseInt(15.99 as any), parseInt(1e21 as any), parseInt(0.0000005 as any), parseInt([12, 3] as any));
console.log(["1", "2", "3"].map(parseInt as any), ["1", "2", "3"].map(Number), ["10", "10", "10"].map((text, radix) => parseInt(text, radix + 2)));

// Number of what is no string.
const others: any[] = [undefined, null, true, false, [], [5], ["6"], [1, 2], {}, { valueOf: () => 8 }, { toString: () => "9" }, () => 1];
console.log(others.map(Number));
console.log(others.map((value) => isNaN(value)), others.map((value) => Number.isNaN(value)));
console.log(isFinite("5" as any), Number.isFinite("5"), isFinite(null as any), isNaN("x" as any), isFinite(undefined as any));
console.log(Number(), Number.parseFloat === parseFloat, Number.parseInt === parseInt, typeof Number("1"), typeof new Number(1));

// Parsing halves to even at the last bit.
console.log(Number("9007199254740993"), Number("9007199254740993.0000001"), Number("0.1") + Number("0.2"));
console.log(Number("1.7976931348623158e308"), Number("1.7976931348623159e308"), Number("4.9e-324"), Number("2.4e-324"), Number("2.5e-324"));
console.log(parseFloat("3.14.15"), parseFloat("1e5e5"), parseFloat("-.5e-1x"), parseFloat("Infinityx"), parseFloat("0x10"));
