import { isOdd, oddStart } from "./odd";
export const parityLog: string[] = [];
console.log("even evaluates, odd is ready:", oddStart);
export function isEven(n: number): boolean {
  return n === 0 || isOdd(n - 1);
}
parityLog.push("even");
