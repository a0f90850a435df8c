import area, { square as unusedSquare } from "../math";
import type { Shape } from "./shape";
export class Circle implements Shape {
  readonly name = "circle";
  constructor(private radius: number) {}
  area() {
    return area(this.radius);
  }
}
