import { bindNumber, bindText, columnNumber, columnText, prepare, step } from "native:sqlite";
import type { database } from "native:sqlite";

const ROW = 100;

export interface Row {
  name: string | null;
  cone: number;
}

export function insert(into: database, name: string, cone: number): void {
  const [, statement] = prepare(into, "insert into kiln values (?, ?)");
  if (statement === null) throw new Error("the statement is wrong");
  bindText(statement, 1, name);
  bindNumber(statement, 2, cone);
  step(statement);
}

export function rows(from: database, query: string): Row[] {
  const [, statement] = prepare(from, query);
  if (statement === null) throw new Error("the query is wrong");
  const found: Row[] = [];
  while (step(statement) === ROW) {
    found.push({ name: columnText(statement, 0), cone: columnNumber(statement, 1) });
  }
  return found;
}
