// Operands, keys, arguments and conversions are evaluated from left to right, each once.

const log: string[] = [];
const note = <T>(label: string, value?: T): T => (log.push(label), value as T);
const flush = (label: string) => console.log(label.padEnd(18), log.splice(0).join(" "));
const converts = (label: string, value: any): any => ({ valueOf: () => note("valueOf:" + label, value), toString: () => note("toString:" + label, String(value)) });

note("a", 1) + note("b", 2) * note("c", 3);
flush("arithmetic");
note("a", converts("a", 1)) + note("b", converts("b", 2));
flush("conversions");
note("a", converts("a", 1)) < note("b", converts("b", 2)), note("a", converts("a", 1)) > note("b", converts("b", 2));
flush("comparison");

const object: any = { value: 1, method(...all: any[]) { log.push("called " + all.join()); return this; } };
const list: any[] = [0, 0, 0];
note("object", object)[note("key", "value")] = note("right", 5);
flush("assignment");
note("object", object)[note("key", "value")] += note("right", 5);
flush("compound");
note("object", object)[note("key", "value")]++;
flush("increment");
list[converts("index", 1)] = note("right", 7);
flush("key conversion");
note("object", object)[note("name", "method")](note("first", 1), ...note("spread", [2, 3]), note("last", 4));
flush("call");
note("object", object).method(note("1")).method(note("2"));
flush("chain");
new (note("class", class { constructor(x: any) { log.push("constructed"); } }))(note("argument"));
flush("new");
[note("a"), ...note("b", [1]), note("c")];
flush("array");
({ [note("key1", "k1")]: note("value1"), [note("key2", "k2")]: note("value2"), ...note("spread", {}), get [note("getter", "g")]() { return 1; }, [note("method", "m")]() {} });
flush("object");
note("c", false) ? note("yes") : note("no");
flush("conditional");
`${note("a", converts("a", 1))} ${note("b", converts("b", 2))}`;
flush("template");
(note("a"), note("b"), note("c"));
flush("comma");

// The old value is read before the right side runs.
let x = 1;
x += ((x = 10), 5);
let y = 1;
y = y++ + ++y + y;
let i = 0;
const array = [1, 2, 3];
array[i++] = array[i++] + i;
array[i] = i = 0;
const swap = { a: 1, b: 2 };
const sum = x + (x = 100) + x;
console.log(x, y, i, array, sum, swap);

// A member call whose arguments replace the function or the object still calls the old one.
let receiver: any = { name: "old", run(_: any) { return this.name; } };
console.log(receiver.run((receiver = { name: "new", run: () => "wrong" })), receiver.name);
const swapped: any = { run: () => "old function" };
console.log(swapped.run((swapped.run = () => "new function")), swapped.run());
let f = (n: number) => "f" + n;
console.log(f(((f = (n) => "g" + n), 1)), f(2));

// Missing functions are found out after the arguments are evaluated; missing objects before.
for (const attempt of [() => object.nope(note("argument")), () => object.nope.deeper(note("argument")), () => (object.nope[note("key", "k")] = note("right")), () => (null as any)[note("key", converts("key", "k"))], () => new object.nope(note("argument"))]) {
  try {
    attempt();
  } catch (error) {
    log.push((error as Error).name);
  }
  flush("fault");
}

// Class definitions: heritage, keys, then static parts in order.
class Parts extends note("heritage", Object) {
  static [note("static key", "s")] = note("static value");
  [note("field key", "f")] = note("field value");
  [note("method key", "m")]() {}
  static {
    note("static block");
  }
  static last = note("last static");
}
flush("class");
new Parts();
flush("instance");

// Destructuring assigns from left to right, each target before its value.
const target: any = {};
[note("t1", target)[note("k1", "a")], note("t2", target)[note("k2", "b")] = note("default", 2)] = [1];
flush("array pattern");
({ [note("p1", "a")]: note("t1", target).x = note("d1", 1), [note("p2", "zz")]: note("t2", target).y = note("d2", 2) } = { a: 0 } as any);
flush("object pattern");
for (note("target", target)[note("key", "k")] of note("iterable", [1, 2])) note("body");
flush("for-of");
for (let n = note("init", 0); note("test", n < 2); note("update", n++)) note("body");
flush("for");
switch (note("subject", 2)) { case note("one", 1): case note("two", 2): note("matched"); case note("three", 3): }
flush("switch");
console.log(target);
