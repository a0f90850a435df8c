export { Circle } from "./circle";
export { default as Square } from "./square";
export * from "./shape";
export * as math from "../math";
