// An event emitter with once, off and wildcards; an observable store; a scheduler with virtual time; a middleware chain.

type Handler<T> = (payload: T, event: string) => void | false;

class Emitter<Events extends Record<string, any>> {
  private readonly handlers = new Map<keyof Events | "*", Set<Handler<any>>>();
  static defaultLimit = 3;

  on<K extends keyof Events | "*">(event: K, handler: Handler<K extends keyof Events ? Events[K] : unknown>): () => boolean {
    let set = this.handlers.get(event);
    if (!set) this.handlers.set(event, (set = new Set()));
    if (set.size >= Emitter.defaultLimit) throw new RangeError(`too many handlers for ${String(event)}`);
    set.add(handler);
    return () => set!.delete(handler);
  }
  once<K extends keyof Events>(event: K, handler: Handler<Events[K]>) {
    const off = this.on(event, ((payload: Events[K], name: string) => {
      off();
      return handler(payload, name);
    }) as any);
    return off;
  }
  emit<K extends keyof Events & string>(event: K, payload: Events[K]): number {
    let called = 0;
    for (const key of [event, "*"] as const) {
      for (const handler of [...(this.handlers.get(key) ?? [])]) {
        called++;
        if (handler(payload, event) === false) return called;
      }
    }
    return called;
  }
}

const log: string[] = [];
const emitter = new Emitter<{ open: { path: string }; close: undefined; count: number }>();
const offOpen = emitter.on("open", ({ path }) => void log.push(`open ${path}`));
emitter.once("open", ({ path }) => void log.push(`once ${path}`));
emitter.on("*", (payload, event) => void log.push(`any ${event} ${typeof payload}`));
emitter.on("count", (n) => {
  log.push(`count ${n}`);
  if (n > 0) emitter.emit("count", n - 1);
  return n === 2 ? false : undefined;
});
console.log(emitter.emit("open", { path: "/a" }), emitter.emit("open", { path: "/b" }), offOpen(), offOpen(), emitter.emit("open", { path: "/c" }), emitter.emit("close", undefined));
console.log(log.splice(0));
console.log(emitter.emit("count", 2), log.splice(0).join("; "));
try {
  for (let i = 0; ; i++) emitter.on("close", () => void i);
} catch (error) {
  console.log((error as Error).message);
}

// A store whose state changes only through actions; selectors run their listener when the selected part changes.
interface State {
  readonly user: string | null;
  readonly cart: readonly { readonly sku: string; readonly quantity: number }[];
}
type Action = { type: "login"; user: string } | { type: "logout" } | { type: "add"; sku: string; quantity?: number } | { type: "clear" };
function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "login":
      return { ...state, user: action.user };
    case "logout":
      return { ...state, user: null, cart: [] };
    case "add": {
      const { sku, quantity = 1 } = action;
      const known = state.cart.some((line) => line.sku === sku);
      const cart = known ? state.cart.map((line) => (line.sku === sku ? { ...line, quantity: line.quantity + quantity } : line)) : [...state.cart, { sku, quantity }];
      return { ...state, cart };
    }
    default:
      return state;
  }
}
class Store {
  #state: State = { user: null, cart: [] };
  #watchers: { select: (state: State) => unknown; last: unknown; notify: (value: any) => void }[] = [];
  watch<T>(select: (state: State) => T, notify: (value: T) => void) {
    this.#watchers.push({ select, last: select(this.#state), notify });
  }
  dispatch(...actions: Action[]) {
    for (const action of actions) {
      this.#state = reduce(this.#state, action);
      for (const watcher of this.#watchers) {
        const value = watcher.select(this.#state);
        if (value !== watcher.last) watcher.notify((watcher.last = value));
      }
    }
    return this.#state;
  }
}
const store = new Store();
store.watch((state) => state.user, (user) => log.push(`user ${user}`));
store.watch((state) => state.cart.reduce((sum, { quantity }) => sum + quantity, 0), (sum) => log.push(`items ${sum}`));
console.log(store.dispatch({ type: "login", user: "ann" }, { type: "add", sku: "x" }, { type: "add", sku: "y", quantity: 2 }, { type: "clear" }, { type: "add", sku: "x", quantity: 4 }));
console.log(store.dispatch({ type: "logout" }), log.splice(0).join(", "));

// Tasks in virtual time, ordered by due time and then by registration.
class Scheduler {
  private now = 0;
  private tasks: { at: number; id: number; run: () => void }[] = [];
  private id = 0;
  after(delay: number, run: () => void): number {
    this.tasks.push({ at: this.now + delay, id: ++this.id, run });
    return this.id;
  }
  every(delay: number, times: number, run: (turn: number) => void, turn = 1): void {
    if (turn <= times) this.after(delay, () => (run(turn), this.every(delay, times, run, turn + 1)));
  }
  cancel(id: number) {
    this.tasks = this.tasks.filter((task) => task.id !== id);
  }
  run() {
    while (this.tasks.length > 0) {
      this.tasks.sort((a, b) => a.at - b.at || a.id - b.id);
      const { at, run } = this.tasks.shift()!;
      this.now = at;
      run();
    }
    return this.now;
  }
  get time() {
    return this.now;
  }
}
const scheduler = new Scheduler();
scheduler.after(30, () => log.push(`${scheduler.time}:late`));
scheduler.every(10, 4, (turn) => log.push(`${scheduler.time}:tick${turn}`));
const cancelled = scheduler.after(15, () => log.push("never"));
scheduler.after(5, () => {
  scheduler.cancel(cancelled);
  scheduler.after(0, () => log.push(`${scheduler.time}:now`));
});
console.log(scheduler.run(), log.splice(0));

// Middleware: each may pass on, change, or stop.
type Context = { path: string; body?: string; status: number };
type Middleware = (context: Context, next: () => void) => void;
const compose = (...all: Middleware[]) => (context: Context) => {
  const run = (i: number): void => all[i]?.(context, () => run(i + 1));
  run(0);
  return context;
};
const app = compose(
  (context, next) => { log.push("> " + context.path); next(); log.push("< " + context.status); },
  (context, next) => { try { next(); } catch (error) { context.status = 500; context.body = (error as Error).message; } },
  (context, next) => (context.path.startsWith("/private") ? void (context.status = 403) : next()),
  (context) => { if (context.path === "/fail") throw new Error("broken"); context.body = `page ${context.path}`; },
);
for (const path of ["/", "/private/x", "/fail"]) console.log(app({ path, status: 200 }));
console.log(log.join(" "));
