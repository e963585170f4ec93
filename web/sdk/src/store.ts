/** Web storage that never throws: blocked or full storage falls back to this page's memory. */

export class Store {
  private readonly memory = new Map<string, string>();
  constructor(private readonly kind: 'localStorage' | 'sessionStorage') {}

  get(key: string): string | null {
    // Memory first: it only holds what storage refused to take.
    const held = this.memory.get(key);
    if (held !== undefined) return held;
    try {
      return window[this.kind].getItem(key);
    } catch {
      return null;
    }
  }

  set(key: string, value: string): void {
    try {
      window[this.kind].setItem(key, value);
      this.memory.delete(key);
    } catch {
      this.memory.set(key, value);
    }
  }

  remove(key: string): void {
    this.memory.delete(key);
    try {
      window[this.kind].removeItem(key);
    } catch {
      // Nothing was stored there then.
    }
  }
}
