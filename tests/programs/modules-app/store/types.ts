export interface Item {
  readonly id: string;
  name: string;
  price: number;
  quantity: number;
}
export type Events = { change: Item; empty: Item };
