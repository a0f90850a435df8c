// The game of life on a torus and on an unbounded plane; Wolfram's rule 30; Langton's ant.

class Life {
  private cells: Uint8[];
  constructor(readonly width: number, readonly height: number, pattern: string[] = []) {
    this.cells = new Array(width * height).fill(0);
    pattern.forEach((row, y) => [...row].forEach((cell, x) => (this.cells[y * width + x] = cell === "#" ? 1 : 0)));
  }
  private at(x: number, y: number): number {
    const { width, height } = this;
    return this.cells[((y + height) % height) * width + ((x + width) % width)];
  }
  step(): this {
    const next: Uint8[] = [];
    for (let y = 0; y < this.height; y++) {
      for (let x = 0; x < this.width; x++) {
        let neighbours = 0;
        for (let dy = -1; dy <= 1; dy++) {
          for (let dx = -1; dx <= 1; dx++) {
            if (dx === 0 && dy === 0) continue;
            neighbours += this.at(x + dx, y + dy);
          }
        }
        next.push(neighbours === 3 || (neighbours === 2 && this.at(x, y) === 1) ? 1 : 0);
      }
    }
    this.cells = next;
    return this;
  }
  get population() {
    return this.cells.reduce((sum, cell) => sum + cell, 0);
  }
  toString() {
    const rows: string[] = [];
    for (let y = 0; y < this.height; y++) {
      let row = "";
      for (let x = 0; x < this.width; x++) row += this.at(x, y) ? "#" : ".";
      rows.push(row);
    }
    return rows.join("\n");
  }
}
type Uint8 = number;

const glider = new Life(10, 8, ["..........", "..#.......", "...#......", ".###......"]);
console.log(String(glider));
for (let i = 0; i < 4; i++) glider.step();
console.log(`${glider}`, glider.population);
for (let i = 0; i < 36; i++) glider.step();
console.log(glider + "");

// The R-pentomino on a plane without bounds, cells kept in a Set of texts.
let alive = new Set(["1,0", "2,0", "0,1", "1,1", "1,2"]);
const populations: number[] = [];
for (let generation = 0; generation < 60; generation++) {
  const counts = new Map<string, number>();
  for (const cell of alive) {
    const [x, y] = cell.split(",").map(Number);
    for (const dx of [-1, 0, 1]) for (const dy of [-1, 0, 1]) if (dx || dy) counts.set(`${x + dx},${y + dy}`, (counts.get(`${x + dx},${y + dy}`) ?? 0) + 1);
  }
  alive = new Set([...counts].filter(([cell, count]) => count === 3 || (count === 2 && alive.has(cell))).map(([cell]) => cell));
  if (generation % 6 === 5) populations.push(alive.size);
}
console.log(populations);

// Rule 30.
let row = "0".repeat(20) + "1" + "0".repeat(20);
for (let i = 0; i < 12; i++) {
  console.log([...row].map((bit) => (bit === "1" ? "#" : " ")).join("").trimEnd());
  row = row.split("").map((_, j, bits) => (30 >> parseInt((bits[j - 1] ?? "0") + bits[j] + (bits[j + 1] ?? "0"), 2)) & 1).join("");
}

// Langton's ant with turns as a table.
const black: Record<string, true> = {};
let [x, y, direction] = [0, 0, 0];
const moves = [[0, -1], [1, 0], [0, 1], [-1, 0]] as const;
for (let i = 0; i < 11000; i++) {
  const key = x + ":" + y;
  if (black[key]) {
    delete black[key];
    direction = (direction + 3) % 4;
  } else {
    black[key] = true;
    direction = (direction + 1) % 4;
  }
  const [dx, dy] = moves[direction];
  x += dx;
  y += dy;
}
console.log(Object.keys(black).length, x, y, direction);
