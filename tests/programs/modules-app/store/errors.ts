abstract class StoreError extends Error {
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}
export class OutOfStock extends StoreError {
  constructor(name: string, readonly missing: number) {
    super(`not enough of ${name}`);
  }
}
export class UnknownItem extends StoreError {
  constructor(readonly id: string) {
    super(`no item ${id}`);
  }
}
export const isStoreError = (error: unknown): error is StoreError => error instanceof StoreError;
