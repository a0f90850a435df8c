// Prime numbers: sieve, twin primes, factorisation, perfect numbers, Collatz, and Pascal's triangle.

function sieve(limit: number): number[] {
  const composite: boolean[] = new Array(limit + 1).fill(false);
  const primes: number[] = [];
  for (let n = 2; n <= limit; n++) {
    if (composite[n]) continue;
    primes.push(n);
    for (let multiple = n * n; multiple <= limit; multiple += n) composite[multiple] = true;
  }
  return primes;
}
const primes = sieve(100000);
console.log(primes.slice(0, 25));
console.log(primes.length, primes.at(-1), primes.reduce((sum, prime) => sum + prime, 0));
console.log(primes.filter((prime, i) => primes[i + 1] - prime === 2).length, primes.find((prime, i) => primes[i + 1] - prime > 50));

function factors(n: number): [prime: number, exponent: number][] {
  const result: [number, number][] = [];
  let rest = n;
  for (const prime of primes) {
    if (prime * prime > rest) break;
    let exponent = 0;
    while (rest % prime === 0) {
      rest /= prime;
      exponent++;
    }
    if (exponent > 0) result.push([prime, exponent]);
  }
  if (rest > 1) result.push([rest, 1]);
  return result;
}
for (const n of [1, 2, 360, 97, 1001, 65536, 2147483647, 9007199254740991, 600851475143]) {
  const text = factors(n).map(([prime, exponent]) => (exponent === 1 ? `${prime}` : `${prime}^${exponent}`)).join(" × ");
  console.log(n, "=", text || "1");
}

const divisorSum = (n: number) => {
  let sum = n > 1 ? 1 : 0;
  for (let d = 2; d * d <= n; d++) {
    if (n % d !== 0) continue;
    sum += d;
    if (d !== n / d) sum += n / d;
  }
  return sum;
};
const perfect: number[] = [];
const amicable: string[] = [];
for (let n = 2; n < 9000; n++) {
  const sum = divisorSum(n);
  if (sum === n) perfect.push(n);
  else if (sum > n && divisorSum(sum) === n) amicable.push(`${n}/${sum}`);
}
console.log(perfect, amicable);

let longest = { start: 0, length: 0 };
for (let start = 1; start < 30000; start++) {
  let length = 1;
  for (let n = start; n !== 1; length++) n = n % 2 === 0 ? n / 2 : 3 * n + 1;
  if (length > longest.length) longest = { start, length };
}
console.log(longest);

let row = [1];
for (let i = 0; i < 9; i++) {
  console.log(" ".repeat((9 - i) * 2) + row.map((n) => String(n).padStart(4)).join(""));
  row = [1, ...row.slice(1).map((n, j) => n + row[j]), 1];
}

// Miller and Rabin's test with modular powers that stay exact in doubles.
function powerModulo(base: number, exponent: number, modulus: number): number {
  let result = 1;
  let factor = base % modulus;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = (result * factor) % modulus;
    factor = (factor * factor) % modulus;
  }
  return result;
}
function probablyPrime(n: number): boolean {
  if (n < 4) return n > 1;
  let odd = n - 1;
  let twos = 0;
  while (odd % 2 === 0) {
    odd /= 2;
    twos++;
  }
  witness: for (const base of [2, 3, 5, 7]) {
    if (base % n === 0) continue;
    let x = powerModulo(base, odd, n);
    if (x === 1 || x === n - 1) continue;
    for (let i = 1; i < twos; i++) {
      x = (x * x) % n;
      if (x === n - 1) continue witness;
    }
    return false;
  }
  return true;
}
let agreed = 0;
const known = new Set(primes);
for (let n = 0; n < 5000; n++) if (probablyPrime(n) === known.has(n)) agreed++;
console.log(agreed, probablyPrime(94906249), probablyPrime(94906247), powerModulo(3, 200, 1000007));
