// Inheritance: three levels, super in constructors and methods, overriding, instanceof, order of initialisation.

const log: string[] = [];
const note = <T>(label: string, value: T) => (log.push(label), value);

class Animal {
  kind = note("Animal.kind", "animal");
  constructor(public name: string) {
    note("Animal()", 0);
    this.init();
  }
  init() {
    note("Animal.init", 0);
  }
  speak(): string {
    return `${this.name} makes ${this.sound}`;
  }
  get sound() {
    return "noise";
  }
  static create(name: string) {
    return new this(name);
  }
  static family = "animals";
}
class Dog extends Animal {
  tricks: string[] = note("Dog.tricks", []);
  init() {
    note("Dog.init " + this.tricks, 0);
    super.init();
  }
  get sound() {
    return "woof, not " + super.sound;
  }
  learn(...tricks: string[]) {
    this.tricks.push(...tricks);
    return this;
  }
}
class Puppy extends Dog {
  age = note("Puppy.age", 1);
  constructor(name: string, readonly toy = "ball") {
    note("before super", 0);
    super(name.toUpperCase());
    note("after super", 0);
  }
  speak() {
    return super.speak() + " (tiny)";
  }
  static get family() {
    return super.family + "/puppies";
  }
}

const puppy = new Puppy("rex").learn("sit", "roll") as Puppy;
console.log(log);
console.log(puppy, puppy.speak(), puppy.toy);
console.log(puppy instanceof Puppy, puppy instanceof Dog, puppy instanceof Animal, puppy instanceof Object, new Dog("d") instanceof Puppy);
console.log(Puppy.create("made").constructor.name, Dog.create("x") instanceof Dog, Animal.create("y").speak(), Puppy.family, Dog.family);
console.log(Object.getPrototypeOf(Puppy) === Dog, Object.getPrototypeOf(Dog.prototype) === Animal.prototype, Object.keys(puppy), Animal, Puppy);
console.log(Dog.prototype.speak.call(puppy), Animal.prototype.speak.call({ name: "duck", sound: "quack" } as any));

// Abstract classes and polymorphism.
abstract class Shape {
  abstract area(): number;
  protected abstract label: string;
  toString() {
    return `${this.label} of ${this.area().toFixed(2)}`;
  }
  compare(other: Shape) {
    return Math.sign(this.area() - other.area());
  }
}
class Circle extends Shape {
  label = "circle";
  constructor(private radius: number) {
    super();
  }
  area() {
    return Math.PI * this.radius ** 2;
  }
}
class Rectangle extends Shape {
  label = "rectangle";
  constructor(protected width: number, protected height: number) {
    super();
  }
  area() {
    return this.width * this.height;
  }
}
class Square extends Rectangle {
  label = "square";
  constructor(side: number) {
    super(side, side);
  }
  set side(value: number) {
    this.width = this.height = value;
  }
}
const square = new Square(2);
square.side = 3;
const shapes: Shape[] = [new Circle(1), new Rectangle(2, 5), square];
console.log(shapes.map(String).join("; "), shapes.sort((a, b) => a.compare(b)).map((shape) => shape.constructor.name));

// super in object literals, static methods, arrows and accessors.
const base = { hello() { return "base " + (this as any).tag; } };
// @ts-ignore
const derived: any = Object.setPrototypeOf({ tag: "derived", hello() { return [1].map(() => super.hello())[0] + "!"; } }, base);
console.log(derived.hello());
class Up {
  #secret = "up";
  static who() {
    return this.name;
  }
  reveal() {
    return this.#secret;
  }
  get value() {
    return 1;
  }
  set value(v: number) {
    log.push("set " + v);
  }
}
class Down extends Up {
  #secret = "down";
  static who() {
    return "<" + super.who() + ">";
  }
  both() {
    const inner = () => super.reveal();
    return this.#secret + inner();
  }
  get value() {
    return super.value + 1;
  }
  set value(v: number) {
    super.value = v * 2;
  }
}
const down = new Down();
down.value = 21;
console.log(Down.who(), down.both(), down.value, log.at(-1));

// Faults of constructors.
class NoSuper extends Up {
  // @ts-ignore
  constructor(call: boolean) {
    if (call) super();
  }
}
class Twice extends Up {
  constructor() {
    super();
    super();
  }
}
class Returns extends Up {
  constructor() {
    return { other: true } as any;
  }
}
for (const make of [() => new NoSuper(true) instanceof Up, () => new NoSuper(false), () => new Twice(), () => new Returns(), () => class extends (5 as any) {}, () => class extends (undefined as any) {}]) {
  try {
    console.log(make());
  } catch (error) {
    console.log((error as Error).name + ": " + (error as Error).message);
  }
}

// Mixins: a class from a function, extends with an expression; new.target.
const Named = (Base: any) => class Named extends Base { name = "mixed"; };
class Mixed extends Named(Named(Up)) {}
class Target {
  made: string;
  constructor() {
    this.made = new.target.name;
  }
}
class SubTarget extends Target {}
console.log((new Mixed() as any).name, new Mixed(), new Mixed() instanceof Up, new Target().made, new SubTarget().made);
const Nothing = class extends (null as any) {};
console.log(typeof Nothing, Object.getPrototypeOf(Nothing.prototype));
