// Backtracking: queens, sudoku, permutations, subsets, combinations, knight's tour, coin change, towers of Hanoi.

function queens(size: number): number[][] {
  const solutions: number[][] = [];
  const columns = new Set<number>();
  const rising = new Set<number>();
  const falling = new Set<number>();
  const place = (row: number, placed: number[]) => {
    if (row === size) {
      solutions.push([...placed]);
      return;
    }
    for (let column = 0; column < size; column++) {
      if (columns.has(column) || rising.has(row + column) || falling.has(row - column)) continue;
      columns.add(column), rising.add(row + column), falling.add(row - column);
      placed.push(column);
      place(row + 1, placed);
      placed.pop();
      columns.delete(column), rising.delete(row + column), falling.delete(row - column);
    }
  };
  place(0, []);
  return solutions;
}
console.log([1, 2, 3, 4, 5, 6, 7, 8].map((size) => queens(size).length));
console.log(queens(6)[0].map((column) => ".".repeat(column) + "Q" + ".".repeat(5 - column)).join("\n"));

// The same count with bits only.
const countBits = (all: number, columns = 0, left = 0, right = 0): number => {
  if (columns === all) return 1;
  let count = 0;
  for (let free = all & ~(columns | left | right); free; free &= free - 1) {
    const bit = free & -free;
    count += countBits(all, columns | bit, ((left | bit) << 1) & all, (right | bit) >> 1);
  }
  return count;
};
console.log(countBits(255), countBits(1023));

const puzzle = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79";
function sudoku(text: string): string | null {
  const cells = text.split("").map((c) => (c === "." ? 0 : +c));
  let tries = 0;
  const fits = (at: number, digit: number) => {
    const row = Math.floor(at / 9);
    const column = at % 9;
    const corner = row - (row % 3);
    for (let i = 0; i < 9; i++) {
      if (cells[row * 9 + i] === digit || cells[i * 9 + column] === digit) return false;
      if (cells[(corner + Math.floor(i / 3)) * 9 + column - (column % 3) + (i % 3)] === digit) return false;
    }
    return true;
  };
  function solve(from: number): boolean {
    const at = cells.indexOf(0, from);
    if (at < 0) return true;
    for (let digit = 1; digit <= 9; digit++) {
      tries++;
      if (!fits(at, digit)) continue;
      cells[at] = digit;
      if (solve(at + 1)) return true;
    }
    cells[at] = 0;
    return false;
  }
  return solve(0) ? `${cells.join("")} after ${tries}` : null;
}
console.log(sudoku(puzzle));

const permutations = <T>(items: T[]): T[][] => (items.length < 2 ? [items] : items.flatMap((item, i) => permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest])));
const subsets = <T>([first, ...rest]: T[]): T[][] => (first === undefined ? [[]] : subsets(rest).flatMap((subset) => [subset, [first, ...subset]]));
const combinations = <T>(items: T[], size: number): T[][] => (size === 0 ? [[]] : items.flatMap((item, i) => combinations(items.slice(i + 1), size - 1).map((rest) => [item, ...rest])));
console.log(permutations(["a", "b", "c"]).map((p) => p.join("")), permutations([1, 2, 3, 4, 5, 6]).length, subsets([1, 2, 3]), combinations([1, 2, 3, 4], 2));

// Knight's tour by Warnsdorff's rule.
const side = 6;
const board: number[][] = Array.from({ length: side }, () => Array(side).fill(0));
const jumps = [[1, 2], [2, 1], [2, -1], [1, -2], [-1, -2], [-2, -1], [-2, 1], [-1, 2]];
const exits = (y: number, x: number) => jumps.map(([dy, dx]) => [y + dy, x + dx]).filter(([r, c]) => board[r]?.[c] === 0);
let [y, x] = [0, 0];
for (let move = 1; ; move++) {
  board[y][x] = move;
  const options = exits(y, x).sort((a, b) => exits(a[0], a[1]).length - exits(b[0], b[1]).length);
  if (options.length === 0) break;
  [y, x] = options[0];
}
console.log(board.map((row) => row.map((n) => String(n).padStart(3)).join("")).join("\n"));

// Ways to change money, and the moves of Hanoi's towers.
const ways: number[] = Array(101).fill(0);
ways[0] = 1;
for (const coin of [1, 5, 10, 25, 50]) for (let amount = coin; amount <= 100; amount++) ways[amount] += ways[amount - coin];
const moves: string[] = [];
const hanoi = (n: number, from: string, to: string, via: string): number => (n === 0 ? 0 : hanoi(n - 1, from, via, to) + (moves.push(from + to), 1) + hanoi(n - 1, via, to, from));
console.log(ways[100], ways.slice(0, 12), hanoi(10, "A", "C", "B"), hanoi(3, "A", "C", "B"), moves.slice(-7).join(" "));
