// The order of try, catch and finally, also with return, break, continue and nested throws.

const log: string[] = [];
const flush = (label: string, value?: unknown) => console.log(label.padEnd(22), log.splice(0).join(" "), "=>", value);

function order(fail: boolean) {
  try {
    log.push("try");
    if (fail) throw new Error("boom");
    log.push("done");
    return "from try";
  } catch (error) {
    log.push("catch:" + (error as Error).message);
    return "from catch";
  } finally {
    log.push("finally");
  }
}
flush("plain", order(false));
flush("failing", order(true));

// The returned value is computed before finally runs; a return in finally wins.
function before() {
  let value = 1;
  try {
    return value;
  } finally {
    value = 2;
    log.push("value" + value);
  }
}
function override() {
  try {
    return "try";
  } finally {
    return "finally";
  }
}
function swallow() {
  try {
    throw new Error("lost");
  } finally {
    return "swallowed";
  }
}
flush("computed first", before());
flush("overridden", override());
flush("swallowed", swallow());

// Nested finally blocks run from the inside out.
function nested(depth: number): string {
  try {
    try {
      if (depth === 1) throw new Error("inner");
      if (depth === 2) return "early";
      log.push("body");
    } catch (error) {
      log.push("inner-catch");
      throw new Error("again", { cause: error });
    } finally {
      log.push("inner-finally");
      if (depth === 3) throw new TypeError("from finally");
    }
    log.push("between");
  } catch (error) {
    log.push("outer-catch:" + (error as Error).message);
    return "caught " + (((error as Error).cause as Error)?.message ?? "no cause");
  } finally {
    log.push("outer-finally");
  }
  return "end";
}
for (let depth = 0; depth < 4; depth++) flush("nested " + depth, nested(depth));

// break and continue pass through finally; break in finally drops the exception.
function loops() {
  const out: number[] = [];
  outer: for (let i = 0; i < 5; i++) {
    try {
      if (i === 1) continue;
      if (i === 3) break outer;
      out.push(i);
    } finally {
      log.push("f" + i);
    }
  }
  for (const x of [1, 2, 3]) {
    try {
      throw x;
    } catch {
      if (x === 2) continue;
      out.push(x * 10);
    } finally {
      if (x === 3) break;
      log.push("g" + x);
    }
  }
  do {
    try {
      throw new Error("dropped");
    } finally {
      break;
    }
  } while (true);
  label: try {
    break label;
  } finally {
    log.push("label");
  }
  return out;
}
flush("loops", loops());

// Anything can be thrown; catch variables are local; rethrow reaches the next handler.
for (const thrown of [1, "text", null, undefined, { code: 7 }, [1, 2], () => "f", true]) {
  try {
    throw thrown;
  } catch (error: any) {
    log.push(typeof error + ":" + (error === thrown));
  }
}
flush("any value");
function relay(depth: number): void {
  try {
    if (depth === 0) throw new RangeError("deep");
    relay(depth - 1);
  } catch (error) {
    log.push("r" + depth);
    if (depth < 3) throw error;
  } finally {
    log.push("x" + depth);
  }
}
relay(5);
flush("rethrown");

// Exceptions out of callbacks, getters, constructors, conversions, comparators and iterators.
class Fails {
  static get getter(): number {
    throw new Error("getter");
  }
  field = (() => {
    if (Fails.armed) throw new Error("field");
    return 1;
  })();
  static armed = false;
}
const faults: [string, () => unknown][] = [
  ["map", () => [1, 2, 3].map((x) => { if (x === 2) throw new Error("map" + x); return x; })],
  ["getter", () => Fails.getter],
  ["field", () => { Fails.armed = true; return new Fails(); }],
  ["toString", () => `${{ toString() { throw new Error("toString"); } }}`],
  ["sort", () => [3, 2, 1].sort(() => { throw new Error("sort"); })],
  ["default", () => ((x = (() => { throw new Error("default"); })()) => x)()],
  ["finally kept", () => { try { throw new Error("kept"); } finally { log.push("ran"); } }],
  ["nested call", () => ((f: () => number) => f() + 1)(() => { throw new Error("call"); })],
  ["none", () => "fine"],
];
for (const [label, action] of faults) {
  try {
    flush(label, action());
  } catch (error) {
    flush(label, (error as Error).message);
  }
}

// Many exceptions do not add up.
let caught = 0;
for (let i = 0; i < 20000; i++) {
  try {
    if (i % 2) throw new Error("e" + i);
  } catch (error) {
    caught += (error as Error).message.length;
  }
}
console.log(caught);
