import * as left from "./left";
export { left };
export let early: string;
try {
  early = "read " + left.value;
} catch (error) {
  early = (error as Error).name;
}
export const value = "right value";
