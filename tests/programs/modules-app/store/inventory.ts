import { Emitter } from "./emitter";
import { OutOfStock, UnknownItem } from "./errors";
import type { Events, Item } from "./types";

export class Inventory extends Emitter<Events> {
  #items = new Map<string, Item>();

  add(item: Item): this {
    this.#items.set(item.id, { ...item });
    return this;
  }

  sell(id: string, quantity: number): number {
    if (!(quantity > 0)) throw new RangeError(`bad quantity ${quantity}`);
    const item = this.#items.get(id);
    if (!item) throw new UnknownItem(id);
    if (item.quantity < quantity) throw new OutOfStock(item.name, quantity - item.quantity);
    item.quantity -= quantity;
    this.emit("change", item);
    if (item.quantity === 0) this.emit("empty", item);
    return item.price * quantity;
  }

  all(): Item[] {
    return [...this.#items.values()].sort((a, b) => a.name.localeCompare(b.name));
  }

  get value(): number {
    let total = 0;
    for (const { price, quantity } of this.#items.values()) total += price * quantity;
    return total;
  }

  get count() {
    return this.#items.size;
  }
}
