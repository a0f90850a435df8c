import { register } from "./child-registry";
import { Parent } from "./base";
export class Child extends Parent {
  constructor(name: string, readonly parent: Parent) {
    super(name);
  }
  override describe() {
    return `${super.describe()} (child of ${this.parent.describe()}, ${typeof register})`;
  }
}
console.log("child evaluated");
