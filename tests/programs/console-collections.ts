// How console.log shows Map, Set, their iterators, class instances that extend them, and mixtures.

console.log(new Map(), new Set(), new Map([["a", 1]]), new Set(["a", 1, null, undefined, NaN]));
console.log(new Map<any, any>([[{ k: 1 }, [1, 2]], [[1], { v: 1 }], ["text", "text"], [1, () => 1], [null, undefined]]));
console.log({ map: new Map([["x", { y: 1 }]]), set: new Set([[1, 2]]) }, [new Map([[1, 2]]), new Set([3])]);
console.log(new Map([["nested", new Map([["deeper", new Map([["deepest", new Map([["hidden", 1]])]])]])]]));
console.log(new Set([new Set([new Set([new Set([1])])])]));
console.log(new Map(Array.from({ length: 12 }, (_, i): [string, number] => ["key" + i, i * i])));
console.log(new Set(Array.from({ length: 30 }, (_, i) => i)));
console.log(new Set("abcdefgh"), new Set(["a longer text that takes space", "another text that takes space", "and a third"]));
console.log(new Set(Array.from({ length: 120 }, (_, i) => i)).size, new Map([["a", 1], ["b", 2]]).entries(), new Map([["a", 1]]).keys(), new Map([["a", 1]]).values());
console.log(new Set([1, 2])[Symbol.iterator](), new Set(["e"]).entries(), [1, 2].values(), "ab"[Symbol.iterator](), [].entries());

class Registry extends Map<string, number> {
  label = "registry";
}
class Bag extends Set<number> {}
class List extends Array<number> {}
console.log(new Registry([["a", 1]]), new Bag([1, 2]), List.from([1, 2, 3]), new List(), new Bag());
console.log(Object.assign(new Map([["k", 1]]), { extra: true }), Object.assign(new Set([1]), { extra: [1] }));
console.log(new WeakMap(), new WeakSet());

// Cycles through collections.
const map = new Map<string, any>();
map.set("self", map).set("list", [map]);
console.log(map);
const set = new Set<any>();
set.add({ set });
console.log(set);
class TreeNode {
  children: TreeNode[] = [];
  parent?: TreeNode;
  constructor(public name: string) {}
  add(...children: TreeNode[]) {
    for (const child of children) child.parent = this;
    this.children.push(...children);
    return this;
  }
}
console.log(new TreeNode("root").add(new TreeNode("leaf"), new TreeNode("branch").add(new TreeNode("twig"))));

// A state as a program might dump it.
const state = {
  users: new Map([
    ["ann", { name: "Ann", roles: new Set(["admin", "editor"]), logins: 12 }],
    ["bob", { name: "Bob", roles: new Set<string>(), logins: 0 }],
  ]),
  settings: { theme: "dark", sizes: [10, 12, 14], flags: { beta: true, legacy: null } },
  recent: [["ann", "login"], ["bob", "logout"]],
  handlers: { onStart() {}, onStop: () => {}, onError: undefined },
};
console.log(state);
console.log([...state.users.values()].map(({ name, roles }) => ({ name, roles: [...roles] })), state.users.get("ann"));
console.log(globalThis === globalThis, Math, typeof console);
