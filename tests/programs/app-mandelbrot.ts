// Numerical programs in text: Mandelbrot and Julia sets, a plot, Monte Carlo with an own generator, n-body, integration.

class Complex {
  constructor(readonly re: number, readonly im: number) {}
  plus(other: Complex) {
    return new Complex(this.re + other.re, this.im + other.im);
  }
  times(other: Complex) {
    return new Complex(this.re * other.re - this.im * other.im, this.re * other.im + this.im * other.re);
  }
  get squaredLength() {
    return this.re * this.re + this.im * this.im;
  }
}

const SHADES = " .:-=+*#%@";
function escape(start: Complex, constant: Complex, limit: number): number {
  let z = start;
  let n = 0;
  while (n < limit && z.squaredLength <= 4) {
    z = z.times(z).plus(constant);
    n++;
  }
  return n;
}
function picture(width: number, height: number, centre: Complex, size: number, sample: (point: Complex) => number): string[] {
  const rows: string[] = [];
  for (let y = 0; y < height; y++) {
    let row = "";
    for (let x = 0; x < width; x++) {
      const point = new Complex(centre.re + (x / (width - 1) - 0.5) * size, centre.im + (y / (height - 1) - 0.5) * size * 0.7);
      row += SHADES[Math.min(SHADES.length - 1, sample(point))];
    }
    rows.push(row.trimEnd());
  }
  return rows;
}
const origin = new Complex(0, 0);
console.log(picture(64, 23, new Complex(-0.75, 0), 3.2, (c) => Math.floor(Math.log2(escape(origin, c, 500) + 1) * 1.2)).join("\n"));
console.log(picture(48, 15, origin, 3, (z) => escape(z, new Complex(-0.8, 0.156), 60) >> 2).join("\n"));

let total = 0;
for (let y = 0; y < 60; y++) for (let x = 0; x < 90; x++) total += escape(origin, new Complex(-2 + x / 30, -1 + y / 30), 200);
console.log(total);

// A plot of a function with axes.
const plot = (f: (x: number) => number, from: number, to: number, rows = 11, columns = 41) => {
  const samples = Array.from({ length: columns }, (_, i) => f(from + ((to - from) * i) / (columns - 1)));
  const low = Math.min(...samples);
  const high = Math.max(...samples);
  const grid = Array.from({ length: rows }, () => Array<string>(columns).fill(" "));
  samples.forEach((value, x) => (grid[rows - 1 - Math.round(((value - low) / (high - low)) * (rows - 1))][x] = "o"));
  return grid.map((row, i) => (high - ((high - low) * i) / (rows - 1)).toFixed(2).padStart(7) + " |" + row.join("").trimEnd()).join("\n");
};
console.log(plot((x) => x * x * x - 3 * x, -2, 2));

// A generator with 32 bits of state, and pi by throwing darts.
function mulberry(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
const random = mulberry(42);
let inside = 0;
for (let i = 0; i < 100000; i++) if (random() ** 2 + random() ** 2 < 1) inside++;
const histogram = new Array(10).fill(0);
for (let i = 0; i < 1000; i++) histogram[Math.floor(random() * 10)]++;
console.log((inside / 25000).toFixed(4), histogram, random());

// Planets: only additions, multiplications and square roots, so every digit counts.
type Body = { position: [number, number]; velocity: [number, number]; mass: number };
const bodies: Body[] = [
  { position: [0, 0], velocity: [0, 0], mass: 1000 },
  { position: [100, 0], velocity: [0, 3], mass: 1 },
  { position: [0, -160], velocity: [2.5, 0], mass: 2 },
];
const energy = () => {
  let sum = 0;
  bodies.forEach(({ position: [x, y], velocity: [vx, vy], mass }, i) => {
    sum += (mass * (vx * vx + vy * vy)) / 2;
    for (const other of bodies.slice(i + 1)) sum -= (mass * other.mass) / Math.sqrt((x - other.position[0]) ** 2 + (y - other.position[1]) ** 2);
  });
  return sum;
};
console.log(energy());
for (let step = 0; step < 2000; step++) {
  for (const body of bodies) {
    for (const other of bodies) {
      if (body === other) continue;
      const dx = other.position[0] - body.position[0];
      const dy = other.position[1] - body.position[1];
      const distance = Math.sqrt(dx * dx + dy * dy);
      const pull = (other.mass / (distance * distance * distance)) * 0.01;
      body.velocity[0] += dx * pull;
      body.velocity[1] += dy * pull;
    }
  }
  for (const { position, velocity } of bodies) {
    position[0] += velocity[0] * 0.01;
    position[1] += velocity[1] * 0.01;
  }
}
console.log(energy(), bodies[1].position, bodies[2].velocity);
const simpson = (f: (x: number) => number, a: number, b: number, n: number) => {
  const h = (b - a) / n;
  let sum = f(a) + f(b);
  for (let i = 1; i < n; i++) sum += (i % 2 ? 4 : 2) * f(a + i * h);
  return (sum * h) / 3;
};
console.log(simpson((x) => x ** 2, 0, 3, 10), simpson((x) => 4 / (1 + x * x), 0, 1, 100));
