// Arithmetic on doubles: rounding, signed zero, NaN, infinities, remainder and power.

console.log(0.1 + 0.2, 0.1 * 3, 1 / 3, 2 / 3, 10 / 4);
console.log(9007199254740991 + 1, 9007199254740991 + 2, 2 ** 53 === 2 ** 53 + 1);
console.log(2147483647 + 1, -2147483648 - 1, 4294967295 + 1, 65536 * 65536);
console.log(1e308 * 10, -1e308 * 10, 5e-324 / 2, Number.MAX_VALUE, Number.MIN_VALUE, Number.EPSILON);

// Zero has a sign, visible only by division, Object.is and console.log.
const negativeZero: number = -0;
console.log(negativeZero, 0 * -1, -0 + 0, -0 - 0, 0 - 0, 1 / negativeZero, 1 / 0);
console.log(negativeZero === 0, Object.is(negativeZero, 0), Object.is(negativeZero, -0), `${negativeZero}`, String(-0), -0 + "");
console.log([-0, 0], -0 * 5, Math.round(-0.4), Math.max(-0, 0), Math.min(0, -0));

// NaN is not equal to itself.
const nan: number = 0 / 0;
console.log(nan, nan === nan, nan !== nan, nan < 1, nan >= 1, !(nan < 1), Object.is(nan, NaN), [nan].includes(nan), [nan].indexOf(nan));
console.log(Infinity - Infinity, Infinity * 0, Infinity / Infinity, 0 * -Infinity, Math.sqrt(-1), Infinity > 1e308);

// The remainder takes the sign of the dividend.
console.log(7 % 3, -7 % 3, 7 % -3, -7 % -3, 5.5 % 2, -1 % 1, 0 % 5, -4 % 2, 5 % 0, 5 % Infinity, Infinity % 5);
console.log(1e17 % 7, 2 ** 31 % 10, -(2 ** 31) % -1, 0.3 % 0.1, 1 % 0.1);

// Powers group to the right.
console.log(2 ** 10, 2 ** -1, 2 ** 0.5, 2 ** 3 ** 2, (-2) ** 3, (-8) ** (1 / 3), 0 ** 0, NaN ** 0, 1 ** Infinity, 10 ** 21, 10 ** -7);

// Increments, compound assignments, postfix values.
let counter = 5;
console.log(counter++, counter, ++counter, counter--, --counter, -counter, +counter);
counter += 10;
counter -= 3;
counter *= 4;
counter /= 8;
counter %= 4;
counter **= 3;
console.log(counter);

// An int-looking loop that leaves the range of 32 bits, and one that leaves exact doubles.
let product = 1;
for (let i = 1; i <= 25; i++) product *= i;
console.log(product);
let sum = 0;
for (let i = 0; i < 100000; i++) sum += i * i;
console.log(sum);
let tenth = 0;
for (let i = 0; i < 10; i++) tenth += 0.1;
console.log(tenth, tenth === 1, Math.abs(tenth - 1) < Number.EPSILON);

// Comparisons of numbers in a table.
const values = [-Infinity, -1.5, -0, 0, 1, NaN, Infinity];
for (const a of values) {
  console.log(String(a).padStart(9), values.map((b) => (a < b ? "<" : a > b ? ">" : a === b ? "=" : "?")).join(" "));
}
console.log(Number.isInteger(5.0), Number.isInteger(5.5), Number.isSafeInteger(2 ** 53), Number.isSafeInteger(2 ** 53 - 1), Number.isFinite(Infinity));
