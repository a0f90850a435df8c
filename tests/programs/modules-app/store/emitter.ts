type Listener<T> = (event: T) => void;

export class Emitter<Events extends Record<string, any>> {
  private listeners: { [K in keyof Events]?: Listener<Events[K]>[] } = {};

  on<K extends keyof Events>(name: K, listener: Listener<Events[K]>): void {
    (this.listeners[name] ??= []).push(listener);
  }

  protected emit<K extends keyof Events>(name: K, event: Events[K]): void {
    this.listeners[name]?.forEach((listener) => listener(event));
  }
}
