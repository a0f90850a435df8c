import * as right from "./right";
export { right };
export const value = "left value";
export const seen = right.early;
