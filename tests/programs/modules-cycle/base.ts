export class Parent {
  constructor(readonly name: string) {}
  describe() {
    return `base ${this.name}`;
  }
}
