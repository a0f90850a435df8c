// Optional chaining, nullish coalescing and logical assignment: what is evaluated, and what is skipped.

const log: string[] = [];
const note = <T>(label: string, value: T): T => (log.push(label), value);
const flush = (...values: unknown[]) => console.log(...values, log.splice(0).join(" "));

const object: any = { a: { b: { c: 42 } }, list: [10, [20]], zero: 0, empty: "", no: false, nothing: null, method() { return this.a?.b; }, make: () => ({ x: 1 }) };
const missing: any = undefined;
console.log(object?.a?.b?.c, object.x?.y?.z, object.x?.y.z.deeper.still, missing?.x, object.nothing?.x, object?.["a"]?.["b"], missing?.[0], object.list?.[1]?.[0]);
console.log(object.method?.(), object.nope?.(), object.nope?.().x.y, missing?.(), object.make?.().x, object?.method().c, object.nothing?.method(), object?.["method"]?.().c);
console.log(object.zero?.toFixed(1), object.empty?.length, object.no?.toString(), (null as any)?.x ?? "default", typeof missing?.x, !missing?.x);

// The chain stops at its first gap: nothing to the right is evaluated. Parentheses end a chain.
flush(missing?.[note("index", 0)], missing?.method(note("argument", 1)), object.a?.[note("b", "b")], object.x?.y[note("deep", 1)](note("call", 2)));
try {
  (missing?.x).y;
} catch (error) {
  flush((error as Error).message);
}
try {
  object.make?.().y.z;
} catch (error) {
  flush((error as Error).message);
}
try {
  object.zero?.();
} catch (error) {
  flush((error as Error).message);
}
console.log(delete object?.a?.b?.c, delete missing?.x, object.a, delete object.x?.y);

// `this` is kept through optional calls.
class Counter {
  count = 0;
  next?() {
    return ++this.count;
  }
  self?: Counter = this;
  #private = 7;
  static read(other?: Counter) {
    return other && other.#private;
  }
}
const counter = new Counter();
console.log(counter.next?.(), counter?.next?.(), counter["next"]?.(), counter.self?.self?.next?.(), (counter?.next)!(), counter.count, Counter.read(counter), Counter.read());

// ?? takes null and undefined only, || all that is falsy, && the first falsy one.
const candidates = [null, undefined, 0, "", false, NaN, "x", [], -0];
console.log(candidates.map((value) => value ?? "d"), candidates.map((value) => value || "d"), candidates.map((value) => value && "t"));
flush(note("a", null) ?? note("b", undefined) ?? note("c", 0) ?? note("d", 1), note("e", 0) || note("f", ""), (note("g", 1) && note("h", 0)) ?? note("i", 2));
console.log((null || undefined) ?? "mixed", 0 || (null ?? "inner"), (missing ?? object).zero, null ?? (() => "arrow")());

// Logical assignment assigns only where it must.
const target: any = {
  get value() {
    log.push("get");
    return this._value;
  },
  set value(v: any) {
    log.push("set:" + v);
    this._value = v;
  },
  _value: null,
};
target.value ??= note("rhs1", "first");
target.value ??= note("rhs2", "never");
target.value ||= note("rhs3", "never");
target.value &&= note("rhs4", "");
target.value &&= note("rhs5", "never");
target.value ||= note("rhs6", "last");
flush(target._value);
let local: any;
local ??= 5;
local &&= local + 1;
local ||= 100;
const settings: any = { retries: 0, name: "", nested: {} };
settings.retries ??= 3;
settings.retries ||= 4;
settings.name ||= "unnamed";
settings.timeout ??= 1000;
settings.nested.deep ??= [];
settings.nested.deep.push((settings.nested.more ??= "more"));
settings["key" + 1] ??= "computed";
console.log(local, settings);
const values: any[] = [undefined, 0, 1];
let at = 0;
values[at++] ??= "zeroth";
values[at++] ||= "first";
values[at++] &&= "second";
console.log(values, at, (values[5] ??= "far"), values.length);
console.log((missing?.a, 1), `${missing?.x}`, [...(missing?.list ?? [])], { ...missing?.props }, Math.max(...(object.list?.slice(0, 1) ?? [])));

// In conditions and loops.
let node: any = { value: 1, next: { value: 2, next: { value: 3 } } };
let total = 0;
while (node?.value) {
  total += node.value;
  node = node.next;
}
console.log(total, object.a?.b ? "yes" : "no", missing?.length > 0, missing?.length === undefined);
