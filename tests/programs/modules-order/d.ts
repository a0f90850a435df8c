export { value } from "./e";
import type { Never } from "./never";
console.log("d");
export type Kept = Never;
