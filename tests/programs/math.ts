// Math: rounding of halves and signed zeros, extremes, roots, and functions whose last digit is fixed.

const samples = [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.49999999999999994, -0.2, 4503599627370495.5, 1e300, -0, NaN, -Infinity];
for (const name of ["round", "floor", "ceil", "trunc", "sign", "abs"] as const) {
  console.log(name.padEnd(6), samples.map((x) => (Object.is(Math[name](x), -0) ? "-0" : Math[name](x))).join(" "));
}
console.log(Math.round(2 ** 52 + 1), Math.round(-(2 ** 52) - 1), Math.round(1.4999999999999998), Math.fround(5.5), Math.fround(5.05), Math.fround(1e40));

console.log(Math.max(), Math.min(), Math.max(1, NaN, 3), Math.min(-0, 0), Math.max(-0, 0), Math.max("7" as any, 3), Math.max(...[1, [2] as any, "3" as any]), Math.min(undefined as any, 1));
console.log(Math.sqrt(2), Math.sqrt(16), Math.sqrt(-0), Math.cbrt(27), Math.cbrt(-8), Math.hypot(3, 4), Math.hypot(), Math.hypot(1, 2, 3), Math.hypot(NaN, Infinity));
console.log(Math.pow(2, 0.5) === Math.SQRT2, Math.pow(2, 10), Math.pow(0, 0), Math.pow(NaN, 0), Math.pow(-2, 3), Math.pow(4, -1), Math.pow(1, Infinity), Math.pow(-8, 1 / 3));
console.log(Math.PI, Math.E, Math.LN2, Math.LN10, Math.LOG2E, Math.LOG10E, Math.SQRT2, Math.SQRT1_2);

// Exact cases of the transcendental functions.
console.log(Math.sin(0), Math.cos(0), Math.tan(0), Math.asin(1) === Math.PI / 2, Math.acos(1), Math.atan(1) === Math.PI / 4, Math.atan2(0, -1) === Math.PI, Math.atan2(-0, -1) === -Math.PI, Math.atan2(1, 0) === Math.PI / 2);
console.log(Math.exp(0), Math.exp(1) === Math.E, Math.log(1), Math.log(0), Math.log(-1), Math.log10(1000), Math.log2(8), Math.log1p(0), Math.expm1(0), Math.exp(-Infinity), Math.log2(2 ** -1074));
console.log(Math.sinh(0), Math.cosh(0), Math.tanh(Infinity), Math.asinh(0), Math.acosh(1), Math.atanh(0), Math.atanh(1), Math.acosh(0), Object.is(Math.sin(-0), -0));

// Inexact ones, to twelve digits.
const digits = (x: number) => x.toPrecision(12);
console.log([Math.sin(1), Math.cos(1), Math.tan(1), Math.asin(0.5), Math.acos(0.5), Math.atan(2), Math.atan2(1, 2)].map(digits).join(" "));
console.log([Math.exp(2.5), Math.log(10), Math.log10(2), Math.log2(3), Math.log1p(0.1), Math.expm1(0.1), Math.sinh(1), Math.cosh(1), Math.tanh(0.5)].map(digits).join(" "));
console.log([Math.sin(1e6), Math.cos(-100), Math.tan(1.5), Math.pow(1.1, 100), Math.cbrt(2), Math.exp(100), Math.log(1e-300)].map(digits).join(" "));

// Math functions as values; Math itself.
console.log([4, 9].map(Math.sqrt), [1.2, 2.7].map(Math.floor), ["3", null, "x"].map(Math.abs as any), typeof Math, Object.prototype.toString.call(Math), Math.max.length, Math.max.name);
console.log(Math.abs("-5" as any), Math.abs(null as any), Math.floor("3.7" as any), Math.round("x" as any), Math.sign("-3" as any), Math.abs([-2] as any), Math.ceil({} as any), Math.abs(undefined as any));

// random lies in [0, 1) and varies.
const draws = Array.from({ length: 1000 }, () => Math.random());
console.log(draws.every((x) => x >= 0 && x < 1), new Set(draws).size > 990, draws.filter((x) => x < 0.5).length > 300);

// Numerical work: Newton's root, a sum of pi, the golden ratio, greatest common divisors, and a fit.
const root = (value: number) => {
  let guess = value;
  for (let i = 0; i < 60; i++) guess = (guess + value / guess) / 2;
  return guess;
};
let pi = 0;
for (let k = 0; k < 1000; k++) pi += (k % 2 ? -4 : 4) / (2 * k + 1);
const gcd = (x: number, y: number): number => (y === 0 ? x : gcd(y, x % y));
console.log(root(2), root(144), pi, (1 + Math.sqrt(5)) / 2, gcd(1071, 462), gcd(2 ** 40, 6 ** 20));
const points = [[1, 2.1], [2, 3.9], [3, 6.2], [4, 7.8]];
const mean = (index: number) => points.reduce((sum, point) => sum + point[index], 0) / points.length;
const [mx, my] = [mean(0), mean(1)];
const slope = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
console.log(slope.toFixed(6), (my - slope * mx).toFixed(6), Math.round(-7 / 2), Math.trunc(-7 / 2), Math.floor(-7 / 2), (-7 / 2) | 0);
