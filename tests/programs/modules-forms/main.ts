// Every form of import and export: named, renamed, default, namespace, re-exports, stars, string names, types.

import circleArea, { PI as pi, square } from "./math";
import * as math from "./math";
import { default as again, cube } from "./math";
import * as all from "./shapes";
import { Circle, Square as Quadrat, type Shape, describe, areaOf } from "./shapes";
import type { Unused } from "./shapes/shape";
import "./effects";
import anonymous, { helper, lambda, Named } from "./defaults";
import { ns, stars, "odd name" as odd } from "./barrel";
import constant from "./constant";

console.log(pi, square(3), cube(2), circleArea(1).toFixed(3), again === circleArea);
console.log(math.PI === pi, math.default === circleArea, typeof math, "cube" in math, (math as any).missing, Object.keys(math));
const shapes: Shape[] = [new Circle(2), new Quadrat(3)];
const unused: Unused | undefined = undefined;
console.log(shapes.map(describe), shapes.map(areaOf), unused);
console.log(Object.keys(all), all.Circle === Circle, all.math.square(5), new all.Square(1) instanceof Quadrat);
console.log(anonymous(), anonymous.name, helper(), lambda.name, new Named().hello(), Named.name, constant, typeof constant);
console.log(ns.first, stars, odd, Object.keys(ns));
for (const key in math) console.log("export", key, typeof (math as any)[key]);
for (const [change, act] of [
  ["assign", () => ((math as any).PI = 3)],
  ["add", () => ((math as any).extra = 1)],
  ["delete", () => delete (math as any).PI],
] as [string, () => unknown][]) {
  try {
    console.log(change, act());
  } catch (error) {
    console.log(change, (error as Error).name);
  }
}
console.log(math[Symbol.toStringTag as keyof typeof math], math.counter.value, math.bump(), math.counter.value);
export {};
