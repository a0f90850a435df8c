// How numbers become text: shortest digits, exponents, toFixed, toString(radix), toPrecision, toExponential.

console.log(1e21, 1e20, 123456789012345680000, 1234567890123456789012, 1e-6, 1e-7, 0.000001234, 0.0000001234);
console.log(1.5e300, -1e-300, 5e-324, 1.7976931348623157e308, 100, 1e2, 0x1f, 0b101, 0o17, 1_000_000);
console.log(4.35, 0.1, 1.1, 1.005, 123.456, 4.0, 1e16 + 0.5, 0.5e-6, 2 ** 70, 2 ** -20);
console.log(String(1 / 3), (-1 / 3).toString(), `${1e21}`, "" + 1e-7, (25).toString(), 25..toString());

// toFixed rounds the exact value of the double, half up on the exact decimal expansion.
console.log((1.005).toFixed(2), (1.45).toFixed(1), (8.345).toFixed(2), (0.5).toFixed(0), (1.5).toFixed(0), (2.5).toFixed(0));
console.log((0).toFixed(2), (-0).toFixed(2), (-1.5).toFixed(0), (-0.0001).toFixed(2), (123.456).toFixed(), (1e21).toFixed(2));
console.log((0.000001).toFixed(7), (1234.5678).toFixed(10), (10.235).toFixed(2), (1e20).toFixed(2), NaN.toFixed(2), Infinity.toFixed(1));

// Radix conversion, fractions included.
console.log((255).toString(16), (255).toString(2), (-255).toString(36), (0).toString(2), (1e21).toString(36));
console.log((0.5).toString(2), (0.1).toString(3), (3.75).toString(8), (-7.25).toString(16), (2 ** 40).toString(32));
console.log(NaN.toString(2), Infinity.toString(16), (35).toString(36), (4294967295).toString(16));

// toPrecision and toExponential.
console.log((123.456).toPrecision(4), (0.000123).toPrecision(2), (1234567).toPrecision(2), (1e-7).toPrecision(3), (100).toPrecision(1));
console.log((123456).toExponential(2), (0).toExponential(), (0.00015).toExponential(), (-1.5e-9).toExponential(3), (5).toExponential(0));
console.log((123.456).toPrecision(), (1e21).toPrecision(3), (0).toPrecision(4), (99.99).toPrecision(3));

// Errors have the messages that programs print.
for (const attempt of [
  () => (1).toFixed(101),
  () => (1).toString(1),
  () => (1).toPrecision(0),
  () => (1).toExponential(-1),
]) {
  try {
    console.log(attempt());
  } catch (error) {
    const { name, message } = error as Error;
    console.log(name + ": " + message);
  }
}

// A table, right-aligned, the way reports are written.
const rows: [string, number][] = [
  ["apples", 1.5],
  ["pears", 22.25],
  ["kumquats", 1234.567],
  ["nothing", 0],
];
let total = 0;
for (const [name, price] of rows) {
  total += price;
  console.log(name.padEnd(10, ".") + price.toFixed(2).padStart(10));
}
console.log("".padEnd(20, "-"));
console.log("total".padEnd(10) + total.toFixed(2).padStart(10));

// Every digit of a double survives a round trip.
const samples = [Math.PI, Math.E, 0.1 + 0.7, 1e23, 5e-324, 9007199254740993, 4.9406564584124654e-324, 2.2250738585072014e-308];
for (const sample of samples) console.log(sample, Number(String(sample)) === sample);
console.log(-1e21 + "", [1e21, -1e-7, 0.1], { big: 1e21, small: 1e-7 });
