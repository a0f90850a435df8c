// Classes: fields, methods, static members, accessors, private names, class expressions and what they print.

class Point {
  static origin = new Point(0, 0);
  static created = 0;
  label = "point";
  bare?: string;
  constructor(readonly x: number, public y: number) {
    Point.created++;
  }
  add(other: Point): Point {
    return new Point(this.x + other.x, this.y + other.y);
  }
  get length() {
    return Math.hypot(this.x, this.y);
  }
  set length(value: number) {
    this.y = value;
  }
  toString() {
    return `(${this.x}, ${this.y})`;
  }
  static of(...[x, y]: [number, number]) {
    return new this(x, y);
  }
}
const p = new Point(3, 4);
console.log(p, `${p}`, p.add(Point.of(1, 1)) + "", p.length, Point.created);
p.length = 9;
console.log(p.y, "bare" in p, "length" in p, Object.keys(p), p.hasOwnProperty("add"), Point.name, Point.length);

// The initialisers run in order, with `this`, before the constructor's body.
class Ordered {
  log: string[] = [];
  first = this.note("first", 1);
  second = this.note("second", this.first + 1);
  ["computed" + 1] = this.note("computed", 3);
  arrow = () => this.second;
  constructor() {
    this.note("body", 0);
  }
  note(name: string, value: number): number {
    this.log.push(name);
    return value;
  }
}
const ordered = new Ordered();
const { arrow } = ordered;
console.log(ordered.log, arrow(), Object.keys(ordered), new Ordered().arrow === ordered.arrow, ordered.note === new Ordered().note);

// Private names are not properties.
class Account {
  #balance = 0;
  static #count = 0;
  #check(amount: number) {
    if (amount <= 0) throw new RangeError(`bad amount ${amount}`);
  }
  constructor(readonly owner: string) {
    Account.#count++;
  }
  deposit(amount: number) {
    this.#check(amount);
    this.#balance += amount;
    return this;
  }
  get #rounded() {
    return Math.round(this.#balance);
  }
  get balance() {
    return this.#rounded;
  }
  static get count() {
    return Account.#count;
  }
  static isAccount(value: object) {
    return #balance in value;
  }
  equals(other: Account) {
    return this.#balance === other.#balance;
  }
}
const account = new Account("Ann").deposit(10.4).deposit(5);
console.log(account, account.balance, Account.count, Account.isAccount(account), Account.isAccount({}), account.equals(new Account("Bob")));
console.log((account as any).balance_, Object.keys(account), "#balance" in account, (account as any)["#balance"]);
try {
  account.deposit(-1);
} catch (error) {
  console.log((error as Error).name, (error as Error).message);
}

// Static blocks, static inheritance of `this`, getters on the class.
class Registry {
  static entries: string[] = [];
  static size: number;
  static {
    this.entries.push("block");
    Registry.size = this.entries.length;
  }
  static last = this.entries[0];
  static get all() {
    return this.entries.join();
  }
}
console.log(Registry.size, Registry.last, Registry.all, Registry);

// Class expressions, classes as values, computed and string member names.
const method = "say" + "Hi";
const Named = class Inner {
  [method]() {
    return Inner.name;
  }
  "two words"() {
    return 2;
  }
  42() {
    return "number";
  }
};
console.log(Named.name, (new Named() as any).sayHi(), new Named()["two words"](), new Named()[42](), Named);
const make = (base: number) => class { value = base; };
const [A, B] = [make(1), make(2)];
console.log(new A().value, new B().value, new A() instanceof B, A === B, new A(), new (class {})(), class {});

// typeof, constructor, prototypes, calling without new.
console.log(typeof Point, p.constructor === Point, Object.getPrototypeOf(p) === Point.prototype, p instanceof Point, ({}) instanceof Point);
try {
  (Point as any)(1, 2);
} catch (error) {
  console.log((error as Error).message);
}
const method2 = p.add;
try {
  method2(p);
} catch (error) {
  console.log((error as Error).name, (error as Error).message);
}
