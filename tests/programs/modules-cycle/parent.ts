import { register } from "./child-registry";
export const registry: string[] = [];
export class Parent {
  constructor(readonly name: string) {
    registry.push(name);
  }
  describe() {
    return `parent ${this.name}`;
  }
  static make(name: string): Parent {
    return register(name);
  }
}
console.log("parent evaluated");
