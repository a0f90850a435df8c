// Symbols: identity, descriptions, as keys, well-known ones that change how objects behave.

const tag = Symbol("tag");
const other = Symbol("tag");
console.log(tag, tag.toString(), tag.description, Symbol().description, Symbol("").description === "", tag === other, typeof tag, tag === tag);
console.log(Symbol.for("app") === Symbol.for("app"), Symbol.keyFor(Symbol.for("app")), Symbol.keyFor(tag), Symbol.for("app").description);

// Symbol keys are skipped by keys, for-in and JSON, and found by getOwnPropertySymbols.
const object: any = { visible: 1, [tag]: "tagged", [other]: "other", [Symbol.for("shared")]() { return this.visible; } };
const names: string[] = [];
for (const name in object) names.push(name);
console.log(names, Object.keys(object), object[tag], object[other], object[Symbol.for("shared")](), tag in object, Object.getOwnPropertySymbols(object).length);
console.log(object, { ...object }[tag], Object.assign({}, object)[tag], delete object[tag], object[tag], Object.entries(object).length);

// Symbols in Map, Set, arrays, switch, and as enum-like constants.
const State = { idle: Symbol("idle"), busy: Symbol("busy") } as const;
const describe = (state: symbol) => {
  switch (state) {
    case State.idle: return "waiting";
    case State.busy: return "working";
    default: return "unknown " + String(state);
  }
};
console.log(describe(State.idle), describe(State.busy), describe(tag), new Map<any, any>([[tag, 1], [other, 2]]).get(tag), new Set([tag, tag, other]).size, [tag, other].indexOf(other));

// Well-known symbols.
class Temperature {
  constructor(public degrees: number) {}
  [Symbol.toPrimitive](hint: string) {
    return hint === "string" ? this.degrees + "°" : this.degrees;
  }
  get [Symbol.toStringTag]() {
    return "Temperature";
  }
  static [Symbol.hasInstance](value: any) {
    return "degrees" in value;
  }
  [Symbol.iterator]() {
    return [this.degrees, "C"].values();
  }
}
const warm: any = new Temperature(25);
console.log(`${warm}`, warm + 1, warm * 2, warm > 20, [...warm], Object.prototype.toString.call(warm), ({ degrees: 1 }) instanceof Temperature, [] instanceof (Temperature as any));
console.log(String(Object.prototype.toString.call([])), [null, undefined, 1, "", true, () => 1, tag, new Map(), new Error("e"), {}].map((value) => Object.prototype.toString.call(value)).join(" "));

// Methods and functions named by symbols; computed members.
const named: any = { [tag]: () => 1, [Symbol()]: () => 1, get [other]() { return 2; } };
console.log(named[tag].name, named[Object.getOwnPropertySymbols(named)[1]].name === "", named[other]);
class Hidden {
  static [tag] = "static";
  [tag] = "instance";
  [Symbol.for("method")]() {
    return "method";
  }
}
console.log((Hidden as any)[tag], new Hidden()[tag], new Hidden()[Symbol.for("method") as any as keyof Hidden] !== undefined, new Hidden(), Hidden);

// What symbols refuse.
for (const attempt of [() => tag + "", () => +(tag as any), () => `${tag as any}`, () => (tag as any) < 1, () => new (Symbol as any)(), () => Symbol.keyFor("x" as any), () => (tag as any) == "tag", () => !tag, () => [tag].join()]) {
  try {
    console.log(attempt());
  } catch (error) {
    console.log((error as Error).message);
  }
}
(tag as any).ignored;
console.log(Object(tag) == (tag as any), Object(tag) === tag, typeof Object(tag), (tag as any).constructor === Symbol, Symbol.prototype.toString.call(tag));
