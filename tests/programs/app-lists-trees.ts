// Linked lists, binary search trees, a trie, a heap sort, merge and quick sort, union-find, and a ring buffer.

class ListNode<T> {
  next: ListNode<T> | null = null;
  constructor(public value: T) {}
}
class List<T> {
  #head: ListNode<T> | null = null;
  #length = 0;
  constructor(values: Iterable<T> = []) {
    for (const value of values) this.append(value);
  }
  get length() {
    return this.#length;
  }
  append(value: T): this {
    const node = new ListNode(value);
    let last = this.#head;
    if (!last) this.#head = node;
    else {
      while (last.next) last = last.next;
      last.next = node;
    }
    this.#length++;
    return this;
  }
  prepend(value: T): this {
    const node = new ListNode(value);
    node.next = this.#head;
    this.#head = node;
    this.#length++;
    return this;
  }
  remove(value: T): boolean {
    for (let node = this.#head, before: ListNode<T> | null = null; node; before = node, node = node.next) {
      if (node.value !== value) continue;
      if (before) before.next = node.next;
      else this.#head = node.next;
      this.#length--;
      return true;
    }
    return false;
  }
  reverse(): this {
    let done: ListNode<T> | null = null;
    let node = this.#head;
    while (node) {
      const { next } = node;
      node.next = done;
      [done, node] = [node, next];
    }
    this.#head = done;
    return this;
  }
  [Symbol.iterator](): Iterator<T> {
    let node = this.#head;
    return {
      next: () => {
        if (!node) return { done: true, value: undefined };
        const { value } = node;
        node = node.next;
        return { done: false, value };
      },
    };
  }
}
const list = new List([3, 1, 4, 1, 5]);
console.log([...list], list.prepend(0).append(9).length, list.remove(1), list.remove(42), [...list.reverse()], list.length, Math.max(...list));

type Compare<T> = (a: T, b: T) => number;
class TreeNode<K, V> {
  left?: TreeNode<K, V>;
  right?: TreeNode<K, V>;
  constructor(readonly key: K, public value: V) {}
}
class TreeMap<K, V> {
  private root?: TreeNode<K, V>;
  size = 0;
  constructor(private readonly compare: Compare<K>) {}
  set(key: K, value: V): this {
    const insert = (node?: TreeNode<K, V>): TreeNode<K, V> => {
      if (!node) {
        this.size++;
        return new TreeNode(key, value);
      }
      const order = this.compare(key, node.key);
      if (order < 0) node.left = insert(node.left);
      else if (order > 0) node.right = insert(node.right);
      else node.value = value;
      return node;
    };
    this.root = insert(this.root);
    return this;
  }
  get(key: K): V | undefined {
    let node = this.root;
    while (node) {
      const order = this.compare(key, node.key);
      if (order === 0) return node.value;
      node = order < 0 ? node.left : node.right;
    }
  }
  delete(key: K): boolean {
    const before = this.size;
    const remove = (node: TreeNode<K, V> | undefined, target: K): TreeNode<K, V> | undefined => {
      if (!node) return undefined;
      const order = this.compare(target, node.key);
      if (order < 0) node.left = remove(node.left, target);
      else if (order > 0) node.right = remove(node.right, target);
      else if (!node.left || !node.right) {
        this.size--;
        return node.left ?? node.right;
      } else {
        let least = node.right;
        while (least.left) least = least.left;
        const heir = new TreeNode(least.key, least.value);
        heir.left = node.left;
        heir.right = remove(node.right, least.key);
        return heir;
      }
      return node;
    };
    this.root = remove(this.root, key);
    return this.size < before;
  }
  entries(): [K, V][] {
    const result: [K, V][] = [];
    (function walk(node?: TreeNode<K, V>) {
      if (!node) return;
      walk(node.left);
      result.push([node.key, node.value]);
      walk(node.right);
    })(this.root);
    return result;
  }
  height(): number {
    const measure = (node?: TreeNode<K, V>): number => (node ? 1 + Math.max(measure(node.left), measure(node.right)) : 0);
    return measure(this.root);
  }
}
const tree = new TreeMap<string, number>((a, b) => (a < b ? -1 : a > b ? 1 : 0));
for (const word of "the quick brown fox jumps over the lazy dog and the cat".split(" ")) tree.set(word, (tree.get(word) ?? 0) + 1);
console.log(tree.size, tree.entries().map(([key, value]) => `${key}:${value}`).join(" "), tree.get("fox"), tree.get("cow"), tree.height());
console.log(["the", "brown", "cow", "and", "quick"].map((word) => tree.delete(word)), tree.size, tree.entries().map(([key]) => key).join(" "));

class Trie {
  private children = new Map<string, Trie>();
  private terminal = false;
  add(word: string): void {
    let node: Trie = this;
    for (const letter of word) {
      if (!node.children.has(letter)) node.children.set(letter, new Trie());
      node = node.children.get(letter)!;
    }
    node.terminal = true;
  }
  complete(prefix: string): string[] {
    let node: Trie | undefined = this;
    for (const letter of prefix) node = node?.children.get(letter);
    const result: string[] = [];
    const walk = (at: Trie, text: string) => {
      if (at.terminal) result.push(text);
      [...at.children].sort(([a], [b]) => (a < b ? -1 : 1)).forEach(([letter, child]) => walk(child, text + letter));
    };
    if (node) walk(node, prefix);
    return result;
  }
}
const trie = new Trie();
["car", "card", "care", "cat", "dog", "do", "über"].forEach((word) => trie.add(word));
console.log(trie.complete("car"), trie.complete("d"), trie.complete("x"), trie.complete("").length, trie.complete("ü"));

// Sorting by hand, against the built-in sort.
const mergeSort = (items: number[]): number[] => {
  if (items.length < 2) return items;
  const middle = items.length >> 1;
  const [left, right] = [mergeSort(items.slice(0, middle)), mergeSort(items.slice(middle))];
  const result: number[] = [];
  let [i, j] = [0, 0];
  while (i < left.length && j < right.length) result.push(left[i] <= right[j] ? left[i++] : right[j++]);
  return [...result, ...left.slice(i), ...right.slice(j)];
};
const quickSort = ([pivot, ...rest]: number[]): number[] => (pivot === undefined ? [] : [...quickSort(rest.filter((x) => x < pivot)), pivot, ...quickSort(rest.filter((x) => x >= pivot))]);
function heapSort(items: number[]): number[] {
  const heap = [...items];
  const sift = (start: number, end: number) => {
    for (let root = start, child; (child = 2 * root + 1) < end; root = child) {
      if (child + 1 < end && heap[child + 1] > heap[child]) child++;
      if (heap[root] >= heap[child]) return;
      [heap[root], heap[child]] = [heap[child], heap[root]];
    }
  };
  for (let i = heap.length >> 1; i-- > 0; ) sift(i, heap.length);
  for (let end = heap.length; --end > 0; ) {
    [heap[0], heap[end]] = [heap[end], heap[0]];
    sift(0, end);
  }
  return heap;
}
const numbers = Array.from({ length: 300 }, (_, i) => ((i * 7919 + 13) % 1009) - 500);
const expected = [...numbers].sort((a, b) => a - b).join();
console.log([mergeSort, quickSort, heapSort].map((sort) => `${sort.name} ${sort(numbers).join() === expected}`), expected.slice(0, 30));

// Union-find: the components of a graph, and a minimal spanning tree.
const parent: number[] = Array.from({ length: 9 }, (_, i) => i);
const find = (i: number): number => (parent[i] === i ? i : (parent[i] = find(parent[i])));
const edges = [[0, 1, 4], [1, 2, 8], [2, 3, 7], [3, 4, 9], [4, 5, 10], [5, 6, 2], [6, 7, 1], [7, 0, 8], [1, 7, 11], [2, 8, 2], [8, 6, 6], [2, 5, 4], [3, 5, 14]];
let weight = 0;
for (const [a, b, w] of edges.sort((x, y) => x[2] - y[2])) {
  if (find(a) === find(b)) continue;
  parent[find(a)] = find(b);
  weight += w;
}
console.log(weight, new Set(parent.map(find)).size);
