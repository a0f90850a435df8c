export let count = 0;
export const steps: string[] = [];
export function increment(by: number = 1): void {
  count += by;
  steps.push(`+${by}`);
}
export function reset() {
  count = 0;
  steps.length = 0;
}
export let settings: { mode: string } = { mode: "initial" };
export let list = [1, 2];
export function replace() {
  settings = { mode: "replaced" };
  list = [...list, 4];
}
export var later: string | undefined;
export function setLater(value: string) {
  later = value;
}
export enum Kind {
  A = 1,
  B,
}
