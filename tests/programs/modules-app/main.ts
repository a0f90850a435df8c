// A small program in several modules: an inventory with events, errors and a report, as one would write it.

import { Inventory } from "./store/inventory";
import { OutOfStock, UnknownItem, isStoreError } from "./store/errors";
import { table } from "./render/table";
import { money } from "./render/format";
import type { Item } from "./store/types";

const inventory = new Inventory();
const changes: string[] = [];
inventory.on("change", ({ id, quantity }) => changes.push(`${id}=${quantity}`));
inventory.on("empty", ({ name }) => changes.push(`${name} is sold out`));

const items: Item[] = [
  { id: "a1", name: "Anvil", price: 99.5, quantity: 3 },
  { id: "b2", name: "Bellows", price: 24.99, quantity: 1 },
  { id: "c3", name: "Chisel", price: 7, quantity: 40 },
];
items.forEach((item) => inventory.add(item));

for (const [id, quantity] of [["a1", 2], ["b2", 1], ["b2", 1], ["zz", 1], ["c3", 15], ["a1", 0]] as [string, number][]) {
  try {
    console.log(`sold ${quantity} × ${id} for ${money(inventory.sell(id, quantity))}`);
  } catch (error) {
    if (error instanceof OutOfStock) console.log(`${error.name}: ${error.message} (missing ${error.missing})`);
    else if (error instanceof UnknownItem) console.log(`${error.name}: ${error.id}`);
    else if (!isStoreError(error)) console.log("other:", (error as Error).message);
  }
}
console.log(table(inventory.all(), ["name", "quantity", "price"], { price: money }));
console.log(changes);
console.log("value", money(inventory.value), "of", inventory.count, "kinds");
