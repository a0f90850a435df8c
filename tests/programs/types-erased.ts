// Everything that is only for the type checker leaves no trace: interfaces, aliases, generics, assertions, overloads,
// abstract members, declared names, access modifiers, type imports and predicates.

interface Shape {
  readonly kind: string;
  area?(): number;
  [extra: string]: unknown;
}
interface Shape {
  color?: "red" | "blue";
}
type Pair<A, B = A> = readonly [A, B];
type Keys<T> = { [K in keyof T as K extends string ? `get${Capitalize<K>}` : never]?: () => T[K] };
type Unwrap<T> = T extends Array<infer Item> ? Unwrap<Item> : T;
declare const notThere: number;
declare function missing(text: string): void;
declare global {
  interface Window {
    extra: string;
  }
}
export type { Shape };
export interface Exported<T extends object = {}> extends Shape {
  value: T;
}

// Generic functions and classes.
function identity<T>(value: T): T {
  return value;
}
const first = <T,>(list: readonly T[]): T | undefined => list[0];
const pair = <const A, B>(a: A, b: B): Pair<A, B> => [a, b] as const;
class Box<T, U extends keyof any = string> {
  declare phantom: T;
  private static count: number = 0;
  protected readonly items: Map<U, T> = new Map<U, T>();
  public constructor(private readonly label?: string, public optional?: T) {
    Box.count++;
  }
  put(this: Box<T, U>, key: U, value: T): Box<T, U> {
    this.items.set(key, value);
    return this;
  }
  get(key: U): T | undefined;
  get(key: U, fallback: T): T;
  get(key: U, fallback?: T): T | undefined {
    return this.items.get(key) ?? fallback;
  }
  static total(): number {
    return Box.count;
  }
}
const box = new Box<number>("box").put("a", 1);
console.log(identity<string>("generic"), first<number>([7, 8]), pair("x", 1), box, box.get("a"), box.get("z", 9), Box.total(), "phantom" in box);
console.log(new Map<string, Array<Pair<number>>>([["k", [[1, 2]]]]), (first<number>)([3]), identity<<T>(x: T) => T>((x) => x)(5));

// Assertions in all their forms.
const unknownValue: unknown = "text";
const asserted = (unknownValue as string).length + (<string>unknownValue).length;
const sure = box.get("a")! + [1]![0]!;
const config = { mode: "fast", level: 3 } as const satisfies { mode: string; level: number };
let definite!: string;
definite = "assigned";
console.log(asserted, sure, config, definite, (box as any as { label: string }).label, ({} as Shape).kind === undefined);
(definite as any) = 5;
(<any>definite) = definite as any + 1;
box!.optional! = 4;
console.log(definite, box.optional, [unknownValue as number, <any>null] as any[]);

// Overloads, predicates, assertion functions, this parameters, optional parameters.
function format(value: number): string;
function format(value: string, width: number): string;
function format(value: number | string, width?: number): string {
  return typeof value === "number" ? value.toFixed(1) : value.padStart(width ?? 0);
}
function isShape(value: unknown): value is Shape {
  return typeof value === "object" && value !== null && "kind" in value;
}
function assertText(value: unknown): asserts value is string {
  if (typeof value !== "string") throw new TypeError("not text");
}
console.log(format(2), format("x", 3), isShape({ kind: "k" }), isShape(null), format.length, (function (this: void, a?: number, ...rest: string[]) {}).length);
try {
  assertText(unknownValue);
  assertText(5);
} catch (error: unknown) {
  if (error instanceof TypeError) console.log(error.message);
}

// Abstract classes, implements, index signatures, modifiers, overriding, accessors with types.
abstract class Base implements Shape {
  [extra: string]: unknown;
  abstract readonly kind: string;
  abstract describe(): string;
  protected abstract get secret(): number;
  optional?: number;
  declared!: boolean | null;
}
class Concrete extends Base {
  override readonly kind = "concrete" as const;
  override describe(): string {
    return `${this.kind} ${this.secret}`;
  }
  protected get secret(): number {
    return 42;
  }
}
console.log(new Concrete(), new Concrete().describe(), Object.keys(new Concrete()));

// Types that look like code, and code that looks like types.
let fn: (a: number, b?: string) => void = () => {};
let ctor: new (...args: any[]) => object = Concrete;
let union: | "a" | "b" = "a";
let tuple: [name: string, age?: number, ...rest: boolean[]] = ["t"];
let template: `${number}px` = "5px";
let query: typeof config.level = 3;
let a = 1, b = 2, c = 3;
console.log(a < b, (a < b) as boolean, a < (b as number) && (b > c), fn.length, ctor.name, union, tuple, template, query);
type of = number;
const type = "contextual", as = 1, of: of = 2, declare = 3, abstract = 4, is = 5, keyof = 6, readonly = 7, infer = 8, satisfies = 9, namespace = 10;
console.log(type, as as number, of, declare, abstract, is, keyof, readonly, infer, satisfies satisfies number, namespace);
label: for (const any of [1]) {
  const string = any;
  console.log(string satisfies number);
  continue label;
}
