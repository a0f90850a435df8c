import { square } from "../math";
import { type Shape } from "./shape";
export default class implements Shape {
  readonly name = "square";
  constructor(private side: number) {}
  area() {
    return square(this.side);
  }
}
