// Matrices: multiplication, transposition, powers, determinants, and solving by Gaussian elimination.

type Row = number[];

class Matrix {
  constructor(private readonly rows: Row[]) {}

  static identity(size: number): Matrix {
    return Matrix.make(size, size, (i, j) => (i === j ? 1 : 0));
  }
  static make(height: number, width: number, cell: (i: number, j: number) => number): Matrix {
    return new Matrix(Array.from({ length: height }, (_, i) => Array.from({ length: width }, (_, j) => cell(i, j))));
  }
  get height() {
    return this.rows.length;
  }
  get width() {
    return this.rows[0].length;
  }
  times(other: Matrix): Matrix {
    if (this.width !== other.height) throw new RangeError(`${this.height}×${this.width} times ${other.height}×${other.width}`);
    const result: Row[] = [];
    for (let i = 0; i < this.height; i++) {
      const row: Row = [];
      for (let j = 0; j < other.width; j++) {
        let sum = 0;
        for (let k = 0; k < this.width; k++) sum += this.rows[i][k] * other.rows[k][j];
        row.push(sum);
      }
      result.push(row);
    }
    return new Matrix(result);
  }
  transposed(): Matrix {
    return Matrix.make(this.width, this.height, (i, j) => this.rows[j][i]);
  }
  power(exponent: number): Matrix {
    let result = Matrix.identity(this.height);
    let base: Matrix = this;
    for (let rest = exponent; rest > 0; rest >>= 1) {
      if (rest & 1) result = result.times(base);
      base = base.times(base);
    }
    return result;
  }
  determinant(): number {
    if (this.height === 1) return this.rows[0][0];
    return this.rows[0].reduce((sum, value, column) => {
      const minor = this.rows.slice(1).map((row) => row.filter((_, j) => j !== column));
      return sum + (column % 2 ? -1 : 1) * value * new Matrix(minor).determinant();
    }, 0);
  }
  solve(right: Row): Row {
    const rows = this.rows.map((row, i) => [...row, right[i]]);
    const size = rows.length;
    for (let column = 0; column < size; column++) {
      let pivot = column;
      for (let i = column + 1; i < size; i++) if (Math.abs(rows[i][column]) > Math.abs(rows[pivot][column])) pivot = i;
      if (rows[pivot][column] === 0) throw new Error("singular");
      [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
      for (let i = column + 1; i < size; i++) {
        const factor = rows[i][column] / rows[column][column];
        for (let j = column; j <= size; j++) rows[i][j] -= factor * rows[column][j];
      }
    }
    const solution: Row = new Array(size).fill(0);
    for (let i = size - 1; i >= 0; i--) {
      let sum = rows[i][size];
      for (let j = i + 1; j < size; j++) sum -= rows[i][j] * solution[j];
      solution[i] = sum / rows[i][i];
    }
    return solution;
  }
  toString() {
    const width = Math.max(...this.rows.flat().map((value) => String(value).length));
    return this.rows.map((row) => row.map((value) => String(value).padStart(width)).join(" ")).join("\n");
  }
}

const a = Matrix.make(2, 3, (i, j) => i * 3 + j + 1);
console.log(String(a));
console.log(`${a.transposed()}`);
console.log(`${a.times(a.transposed())}`);
console.log(String(new Matrix([[1, 1], [1, 0]]).power(50)));
console.log(new Matrix([[2, 0, 1], [1, 3, 2], [1, 1, 1]]).determinant(), Matrix.identity(5).determinant());
console.log(new Matrix([[2, 1, -1], [-3, -1, 2], [-2, 1, 2]]).solve([8, -11, -3]).map((x) => x.toFixed(6)));
for (const fault of [() => a.times(a), () => new Matrix([[1, 2], [2, 4]]).solve([1, 2])]) {
  try {
    fault();
  } catch (error) {
    console.log((error as Error).name, (error as Error).message);
  }
}
const big = Matrix.make(60, 60, (i, j) => ((i * 31 + j * 17) % 10) / 8);
let trace = 0;
const product = big.times(big).times(big);
for (let i = 0; i < 60; i++) trace += (product as any).rows[i][i];
console.log(trace, product.width);
console.log(a);
