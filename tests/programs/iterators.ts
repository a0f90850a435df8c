// User-written iterables and iterators, and everything that consumes them; early exits close the iterator.

class Range implements Iterable<number> {
  constructor(private from: number, private to: number, private step = 1) {}
  [Symbol.iterator](): Iterator<number> {
    let next = this.from;
    const { to, step } = this;
    return {
      next: () => {
        if (next >= to) return { value: undefined, done: true };
        const value = next;
        next += step;
        return { value, done: false };
      },
    };
  }
}
const range = new Range(0, 10, 3);
console.log([...range], Math.max(...range), Array.from(range, (x) => x * x), new Set(range), range);
let sum = 0;
for (const n of range) for (const m of range) sum += n * m;
console.log(sum, Object.fromEntries(new Map([...range].map((n) => ["k" + n, n]))));

// The protocol, logged.
const log: string[] = [];
const traced = (limit: number) => ({
  [Symbol.iterator]() {
    log.push("open");
    let i = 0;
    return {
      next() {
        log.push("next");
        return i < limit ? { value: i++, done: false } : { value: "end", done: true };
      },
      return(value?: any) {
        log.push("return");
        return { value, done: true };
      },
    };
  },
});
const flush = (label: string) => console.log(label, log.splice(0).join(" "));
for (const x of traced(2)) log.push("body" + x);
flush("complete:");
for (const x of traced(9)) if (x === 1) break;
flush("break:");
try {
  for (const x of traced(9)) throw new Error("out");
} catch {
  flush("throw:");
}
const find = () => {
  for (const x of traced(9)) if (x === 2) return x;
};
find();
flush("return:");
outer: for (const x of [1, 2]) for (const y of traced(9)) continue outer;
flush("continue outer:");
const [first, second] = traced(9);
flush("pattern:");
const [all1, ...all] = traced(2);
flush("rest:");
const [short1, short2, short3] = traced(1);
flush("short: " + short3);
Array.from(traced(1));
flush("from:");
try {
  new Map(traced(1) as any);
} catch (error) {
  flush((error as Error).name);
}

// A linked structure that iterates itself, and an iterator that is its own iterable.
class Node<T> {
  constructor(readonly value: T, readonly next?: Node<T>) {}
}
class Chain<T> {
  private head?: Node<T>;
  add(value: T) {
    this.head = new Node(value, this.head);
    return this;
  }
  [Symbol.iterator]() {
    let node = this.head;
    return {
      [Symbol.iterator]() {
        return this;
      },
      next(): IteratorResult<T> {
        if (!node) return { done: true, value: undefined };
        const { value } = node;
        node = node.next;
        return { done: false, value };
      },
    };
  }
}
const chain = new Chain<string>().add("a").add("b").add("c");
const iterator = chain[Symbol.iterator]();
console.log([...chain].join(), iterator.next(), [...iterator], [...iterator], [...chain, ...chain].length);

// Lazy pipelines without generators.
class Lazy<T> {
  constructor(private source: Iterable<T>) {}
  private wrap<U>(make: (inner: Iterator<T>) => () => IteratorResult<U>): Lazy<U> {
    const source = this.source;
    return new Lazy<U>({ [Symbol.iterator]: () => ({ next: make(source[Symbol.iterator]()) }) });
  }
  map<U>(f: (value: T) => U) {
    return this.wrap<U>((inner) => () => {
      const { done, value } = inner.next();
      return done ? { done, value: undefined } : { done: false, value: f(value) };
    });
  }
  filter(keep: (value: T) => boolean) {
    return this.wrap<T>((inner) => () => {
      for (;;) {
        const step = inner.next();
        if (step.done || keep(step.value)) return step;
      }
    });
  }
  take(count: number) {
    return this.wrap<T>((inner) => {
      let left = count;
      return () => (left-- > 0 ? inner.next() : { done: true, value: undefined });
    });
  }
  toArray() {
    return [...this.source];
  }
}
console.log(new Lazy(new Range(0, Infinity)).map((x) => x * x).filter((x) => x % 2 === 1).take(5).toArray());

// Built-in iterators.
const map = new Map([["x", 1]]);
console.log(map[Symbol.iterator] === map.entries, [][Symbol.iterator] === [].values, typeof "a"[Symbol.iterator], [..."ab"].entries().next());
for (const wrong of [5, {}, null, undefined, { [Symbol.iterator]: 1 }, { [Symbol.iterator]: () => 1 }, { [Symbol.iterator]: () => ({}) }] as any[]) {
  try {
    for (const x of wrong) console.log("never", x);
  } catch (error) {
    log.push((error as Error).name);
  }
}
console.log(log.join(" "));
