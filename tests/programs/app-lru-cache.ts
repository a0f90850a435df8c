// A cache with least-recently-used eviction, on a Map and on a linked list by hand; both must agree.

interface Cache<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): void;
  readonly size: number;
  keys(): K[];
}

class MapCache<K, V> implements Cache<K, V> {
  private readonly entries = new Map<K, V>();
  hits = 0;
  misses = 0;
  constructor(private readonly limit: number) {
    if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`bad limit ${limit}`);
  }
  get size() {
    return this.entries.size;
  }
  get(key: K): V | undefined {
    if (!this.entries.has(key)) {
      this.misses++;
      return undefined;
    }
    this.hits++;
    const value = this.entries.get(key)!;
    this.entries.delete(key);
    this.entries.set(key, value);
    return value;
  }
  set(key: K, value: V): void {
    this.entries.delete(key);
    this.entries.set(key, value);
    if (this.entries.size > this.limit) {
      const [oldest] = this.entries.keys();
      this.entries.delete(oldest);
    }
  }
  keys() {
    return [...this.entries.keys()];
  }
}

type Link<K, V> = { key: K; value: V; older: Link<K, V> | null; newer: Link<K, V> | null };

class LinkedCache<K extends string | number, V> implements Cache<K, V> {
  #table: Record<string | number, Link<K, V>> = Object.create(null);
  #oldest: Link<K, V> | null = null;
  #newest: Link<K, V> | null = null;
  #size = 0;
  constructor(readonly limit: number) {}
  get size() {
    return this.#size;
  }
  #unlink(link: Link<K, V>) {
    if (link.older) link.older.newer = link.newer;
    else this.#oldest = link.newer;
    if (link.newer) link.newer.older = link.older;
    else this.#newest = link.older;
    link.older = link.newer = null;
  }
  #append(link: Link<K, V>) {
    link.older = this.#newest;
    if (this.#newest) this.#newest.newer = link;
    else this.#oldest = link;
    this.#newest = link;
  }
  get(key: K): V | undefined {
    const link = this.#table[key];
    if (!link) return undefined;
    this.#unlink(link);
    this.#append(link);
    return link.value;
  }
  set(key: K, value: V): void {
    const known = this.#table[key];
    if (known) {
      known.value = value;
      this.get(key);
      return;
    }
    const link: Link<K, V> = { key, value, older: null, newer: null };
    this.#table[key] = link;
    this.#append(link);
    if (++this.#size > this.limit) {
      const { key: oldest } = this.#oldest!;
      this.#unlink(this.#oldest!);
      delete this.#table[oldest];
      this.#size--;
    }
  }
  keys() {
    const keys: K[] = [];
    for (let link = this.#oldest; link; link = link.newer) keys.push(link.key);
    return keys;
  }
}

const small = new MapCache<string, number>(3);
for (const [key, value] of Object.entries({ a: 1, b: 2, c: 3 })) small.set(key, value);
console.log(small.get("a"), small.keys());
small.set("d", 4);
console.log(small.get("b"), small.keys(), small.size, small.hits, small.misses);
small.set("c", 33);
small.set("e", 5);
console.log(small.keys(), small.get("c"), small);

let seed = 12345;
const random = (below: number) => {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return (seed >>> 8) % below;
};
const a = new MapCache<string, number>(50);
const b = new LinkedCache<string, number>(50);
let agreements = 0;
for (let step = 0; step < 20000; step++) {
  const key = "key" + random(90);
  if (random(3) === 0) {
    a.set(key, step);
    b.set(key, step);
  }
  if (a.get(key) === b.get(key)) agreements++;
}
console.log(agreements, a.size, b.size, a.hits, a.misses, a.keys().join() === b.keys().join(), a.keys().slice(-3));
for (const limit of [0, -1, 1.5, NaN]) {
  try {
    new MapCache(limit);
  } catch (error) {
    console.log((error as Error).message);
  }
}
console.log(new LinkedCache<string, number>(2));
