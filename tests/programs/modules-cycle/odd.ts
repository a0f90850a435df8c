import { isEven, parityLog } from "./even";
export const oddStart = "yes";
console.log("odd evaluates, a function of even works already:", isEven(0));
try {
  console.log(parityLog.length);
} catch (error) {
  console.log((error as Error).name + ": " + (error as Error).message);
}
try {
  console.log(typeof parityLog);
} catch (error) {
  console.log("typeof", (error as Error).name);
}
export function isOdd(n: number): boolean {
  if (n > 6) parityLog.push("odd" + n);
  return n !== 0 && isEven(n - 1);
}
