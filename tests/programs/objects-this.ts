// What `this` is: method calls, detached methods, arrows, callbacks, getters on prototypes, and Object.create chains.

const owner = {
  name: "owner",
  whoami() {
    return this === undefined ? "nobody" : this.name;
  },
  nested: {
    name: "nested",
    whoami() {
      return this.name;
    },
  },
};
const { whoami } = owner;
console.log(owner.whoami(), owner["whoami"](), owner.nested.whoami(), (owner.whoami)(), (0, owner.whoami)(), whoami.call({ name: "call" } as any));
const borrowed = { name: "borrower", whoami: owner.whoami };
console.log(borrowed.whoami(), [owner.whoami][0] !== undefined, whoami.bind(owner)(), owner?.whoami(), owner?.["whoami"]());
try {
  whoami();
  console.log("detached:", whoami());
} catch (error) {
  console.log((error as Error).message);
}
const list: any = [function (this: any) { return this.length; }, 1, 2];
console.log(list[0](), (list[0] as any).call("four"));

// A callback has no `this` unless one is given; an arrow takes the surrounding one.
class Timer {
  ticks = 0;
  tick = () => ++this.ticks;
  regular() {
    return this?.ticks;
  }
  runAll(callbacks: (() => unknown)[]) {
    return callbacks.map((callback) => callback());
  }
}
const timer = new Timer();
console.log(timer.runAll([timer.tick, timer.tick, timer.regular, () => timer.regular()]));
console.log([1, 2].map(function (this: any, n) { return this === undefined ? n : this.base + n; }), [1, 2].map(function (this: any, n) { return this.base + n; }, { base: 10 }));

// Prototype chains by hand.
const animal = {
  sound: "...",
  speak() {
    return `${this.sound} from ${Object.keys(this).join()}`;
  },
  get loud() {
    return this.sound.toUpperCase();
  },
  set volume(value: number) {
    (this as any)._volume = value;
  },
};
const dog = Object.create(animal);
dog.sound = "woof";
const puppy = Object.create(dog);
puppy.volume = 3;
console.log(puppy.speak(), puppy.loud, dog.loud, animal.loud, puppy._volume, dog._volume, Object.keys(puppy));
puppy.sound = "yip";
console.log(puppy.loud, dog.loud, delete puppy.sound, puppy.loud, animal.isPrototypeOf(puppy), puppy instanceof Object);

// Changing a prototype changes all its heirs, also after many calls.
const calls: string[] = [];
for (let i = 0; i < 6; i++) {
  if (i === 2) animal.speak = function () { return "patched"; };
  if (i === 4) dog.speak = () => "shadowed";
  calls.push(puppy.speak().slice(0, 8));
}
console.log(calls);
Object.setPrototypeOf(puppy, { speak: () => "adopted" });
console.log(puppy.speak(), puppy.loud, "sound" in puppy);

// Constructor functions with prototypes.
function Shape(this: any, sides: number) {
  this.sides = sides;
}
Shape.prototype.describe = function () {
  return `${this.sides} sides`;
};
const square = new (Shape as any)(4);
console.log(square, square.describe(), square instanceof (Shape as any), square.constructor === Shape, Object.keys(square), Shape.prototype.constructor === Shape);
function Factory(this: any) {
  this.ignored = true;
  return { chosen: true };
}
function Primitive(this: any) {
  this.kept = true;
  return 5;
}
console.log(new (Factory as any)(), new (Primitive as any)());
