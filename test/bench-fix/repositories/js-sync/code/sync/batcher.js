/** Collects items and hands them on together: after a while, or as soon as there are many. */
export class Batcher {
  #items = [];
  #timer = null;

  constructor({ onBatch, waitMs = 20, most = 50 }) {
    this.onBatch = onBatch;
    this.waitMs = waitMs;
    this.most = most;
  }

  get size() {
    return this.#items.length;
  }

  add(item) {
    this.#items.push(item);
    if (this.#items.length >= this.most) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), this.waitMs);
  }

  flush() {
    const items = this.cancel();
    if (items.length > 0) this.onBatch(items);
  }

  /** Nothing is handed on. Returns what was waiting. */
  cancel() {
    clearTimeout(this.#timer);
    this.#timer = null;
    return this.#items.splice(0);
  }
}
