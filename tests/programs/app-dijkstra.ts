// A binary heap as priority queue, Dijkstra's shortest paths on a graph, breadth-first search on a grid, topological order.

class PriorityQueue<T> {
  private heap: { item: T; priority: number }[] = [];
  get size() {
    return this.heap.length;
  }
  push(item: T, priority: number): void {
    const heap = this.heap;
    let i = heap.push({ item, priority }) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (heap[parent].priority <= heap[i].priority) break;
      [heap[parent], heap[i]] = [heap[i], heap[parent]];
      i = parent;
    }
  }
  pop(): T | undefined {
    const heap = this.heap;
    const top = heap[0];
    const last = heap.pop();
    if (heap.length > 0 && last) {
      heap[0] = last;
      for (let i = 0; ; ) {
        let least = i;
        for (const child of [2 * i + 1, 2 * i + 2]) if (child < heap.length && heap[child].priority < heap[least].priority) least = child;
        if (least === i) break;
        [heap[least], heap[i]] = [heap[i], heap[least]];
        i = least;
      }
    }
    return top?.item;
  }
}
const queue = new PriorityQueue<string>();
[5, 3, 8, 1, 9, 2, 7].forEach((priority) => queue.push("p" + priority, priority));
const popped: string[] = [];
while (queue.size > 0) popped.push(queue.pop()!);
console.log(popped.join(" "), queue.pop());

type Graph = Map<string, Map<string, number>>;
function connect(graph: Graph, from: string, to: string, distance: number) {
  for (const [a, b] of [[from, to], [to, from]]) {
    if (!graph.has(a)) graph.set(a, new Map());
    graph.get(a)!.set(b, distance);
  }
}
const roads: Graph = new Map();
const list: [string, string, number][] = [
  ["Aachen", "Bonn", 92], ["Aachen", "Cologne", 70], ["Bonn", "Cologne", 30], ["Bonn", "Dortmund", 120], ["Cologne", "Dortmund", 95],
  ["Cologne", "Essen", 75], ["Dortmund", "Essen", 38], ["Essen", "Frankfurt", 250], ["Bonn", "Frankfurt", 175], ["Dortmund", "Giessen", 150], ["Giessen", "Frankfurt", 65],
];
for (const road of list) connect(roads, ...road);
connect(roads, "Island", "Reef", 1);

function shortest(graph: Graph, start: string) {
  const distances = new Map<string, number>([[start, 0]]);
  const previous = new Map<string, string>();
  const open = new PriorityQueue<string>();
  open.push(start, 0);
  const done = new Set<string>();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (done.has(node)) continue;
    done.add(node);
    for (const [next, length] of graph.get(node) ?? []) {
      const distance = distances.get(node)! + length;
      if (distance < (distances.get(next) ?? Infinity)) {
        distances.set(next, distance);
        previous.set(next, node);
        open.push(next, distance);
      }
    }
  }
  return { distances, path: (to: string): string[] => (to === start ? [start] : previous.has(to) ? [...shortestPath(to), to] : []) };
  function shortestPath(to: string): string[] {
    const before = previous.get(to)!;
    return before === start ? [start] : [...shortestPath(before), before];
  }
}
const { distances, path } = shortest(roads, "Aachen");
console.log(distances);
for (const to of ["Frankfurt", "Giessen", "Aachen", "Island"]) console.log(to, distances.get(to) ?? "unreachable", path(to).join(" > "));

// A maze: breadth-first, then the path drawn into it.
const maze = ["#########", "#S..#...#", "#.#.#.#.#", "#.#...#.#", "#.#####.#", "#......E#", "#########"].map((line) => line.split(""));
function solve(grid: string[][]): number {
  let start: [number, number] = [0, 0];
  grid.forEach((row, y) => row.forEach((cell, x) => cell === "S" && (start = [y, x])));
  const from: Record<string, [number, number] | null> = { [String(start)]: null };
  const open = [start];
  while (open.length) {
    const [y, x] = open.shift()!;
    if (grid[y][x] === "E") {
      let length = 0;
      for (let at = from[`${y},${x}`]; at && grid[at[0]][at[1]] !== "S"; at = from[String(at)]) {
        grid[at[0]][at[1]] = "*";
        length++;
      }
      return length + 1;
    }
    for (const [dy, dx] of [[0, 1], [1, 0], [0, -1], [-1, 0]]) {
      const next: [number, number] = [y + dy, x + dx];
      if (grid[next[0]]?.[next[1]] !== "#" && !(next.join() in from)) {
        from[next.join()] = [y, x];
        open.push(next);
      }
    }
  }
  return -1;
}
console.log(solve(maze), "\n" + maze.map((row) => row.join("")).join("\n"));

// Topological order with a cycle found.
function order(needs: Record<string, string[]>): string[] {
  const result: string[] = [];
  const state: Record<string, "open" | "done"> = {};
  const visit = (name: string, trail: string[]) => {
    if (state[name] === "done") return;
    if (state[name] === "open") throw new Error(`cycle: ${[...trail.slice(trail.indexOf(name)), name].join(" -> ")}`);
    state[name] = "open";
    for (const need of needs[name] ?? []) visit(need, [...trail, name]);
    state[name] = "done";
    result.push(name);
  };
  for (const name of Object.keys(needs)) visit(name, []);
  return result;
}
console.log(order({ app: ["ui", "core"], ui: ["core", "draw"], core: ["base"], draw: ["base"] }));
try {
  order({ a: ["b"], b: ["c"], c: ["d", "b"], d: [] });
} catch (error) {
  console.log((error as Error).message);
}
