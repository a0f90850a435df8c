export class Kiln {
  constructor(readonly name: string, readonly clay: string, readonly celsius: number) {}

  toString(): string {
    return `${this.name} kiln`;
  }
}

export const kilns = [new Kiln("pit", "earthenware", 900), new Kiln("bottle", "stoneware", 1250), new Kiln("anagama", "porcelain", 1300)];
