import { adler32, compress, crc32, uncompress } from "native:zlib";

const text = "clay, glaze and fire; ".repeat(40);
const plain: number[] = [];
for (let at = 0; at < text.length; at++) plain.push(text.charCodeAt(at));

console.log("crc32", crc32(0, plain).toString(16));
console.log("adler32", adler32(1, plain).toString(16));

const squeezed: number[] = new Array(plain.length).fill(0);
console.log("status", compress(squeezed, plain), squeezed.length < plain.length / 10);

const back: number[] = new Array(plain.length).fill(0);
console.log("status", uncompress(back, squeezed), back.join() === plain.join());
