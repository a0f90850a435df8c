// Bit operations: conversion to 32 bits, shift counts modulo 32, signed and unsigned shifts, and hashes built on them.

console.log(5 & 3, 5 | 3, 5 ^ 3, ~5, ~-1, ~~3.9, ~~-3.9, ~0);
console.log(1 << 31, 1 << 32, 1 << 33, 1 << -1, 2 << 30, 0xff << 24);
console.log(-1 >> 1, -1 >>> 0, -1 >>> 1, -1 >>> 31, -8 >> 1, -8 >>> 28, 8 >> 33, 2147483648 >> 0, 2147483648 >>> 0);

// ToInt32 wraps modulo 2**32, whatever the size; not-finite values are 0.
console.log(4294967296 | 0, 4294967297 | 0, 2147483648 | 0, -2147483649 | 0, 1e10 | 0, 1e20 | 0, 2 ** 53 | 0, (2 ** 53 + 2) | 0);
console.log(NaN | 0, Infinity | 0, -Infinity | 0, -0 | 0, 0.999 | 0, -0.999 | 0, 1e300 | 0, -1e10 >>> 0);

// Operands are coerced.
const text: any = "12";
const nothing: any = null;
const missing: any = undefined;
const truth: any = true;
console.log(text & 6, text << 1, nothing | 5, missing | 7, truth << 3, ~text, ([] as any) | 1, ([9] as any) | 0, ({} as any) | 2);

// Compound assignment.
let flags = 0;
flags |= 1 << 3;
flags |= 1 << 31;
console.log(flags, flags >>> 0, (flags >>> 0).toString(2));
flags &= ~(1 << 3);
flags ^= 0xff;
flags >>= 4;
console.log(flags);
flags >>>= 20;
flags <<= 2;
console.log(flags);

// Integer multiplication that needs all 64 bits before it wraps.
console.log(Math.imul(0x7fffffff, 0x7fffffff), Math.imul(65536, 65536), Math.imul(-5, 12), (0x7fffffff * 0x7fffffff) | 0);
console.log(Math.clz32(1), Math.clz32(0), Math.clz32(-1), Math.clz32(0x8000));

function fnv1a(input: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < input.length; i++) {
    hash ^= input.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}
console.log(fnv1a(""), fnv1a("a"), fnv1a("kiln"), fnv1a("the quick brown fox").toString(16));

// A 32-bit xorshift generator: one wrong shift changes all.
function xorshift(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
const next = xorshift(2463534242);
console.log(next(), next(), next(), next());
let mixed = 0;
for (let i = 0; i < 1000; i++) mixed = (mixed + next()) % 1000003;
console.log(mixed);

function bitCount(value: number): number {
  let count = 0;
  for (let rest = value; rest !== 0; rest &= rest - 1) count++;
  return count;
}
console.log(bitCount(0), bitCount(255), bitCount(-1), bitCount(0x55555555));

// CRC-32 with a table of 256 entries.
const table: number[] = [];
for (let n = 0; n < 256; n++) {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  table.push(c >>> 0);
}
let crc = ~0;
for (const letter of "123456789") crc = table[(crc ^ letter.charCodeAt(0)) & 0xff] ^ (crc >>> 8);
console.log((~crc >>> 0).toString(16), table[1], table[255]);
