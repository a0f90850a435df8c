export * from "./parts/one";
export * from "./parts/two";
import * as ns from "./parts/one";
export { ns };
export const shared = "the local one wins over both stars";
export { second as stars } from "./parts/two";
const value = "string name";
export { value as "odd name" };
