export function table<T extends object>(rows: T[], columns: (keyof T & string)[], formats: Record<string, (value: any) => string> = {}): string {
  const cells = rows.map((row) => columns.map((column) => (formats[column] ?? String)(row[column])));
  const widths = columns.map((column, i) => Math.max(column.length, ...cells.map((row) => row[i].length)));
  const line = (row: string[]) => "| " + row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(" | ") + " |";
  return [line(columns), widths.map((width) => "|-" + "-".repeat(width) + "-").join("") + "|", ...cells.map(line)].join("\n");
}
