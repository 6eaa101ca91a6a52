/** A cache of a fixed size that forgets what was used the longest ago. */
export class Cache {
  #nodes = new Map();
  #newest = null;
  #oldest = null;

  constructor(limit) {
    if (!Number.isInteger(limit) || limit < 1) throw new RangeError('A cache holds one entry at least.');
    this.limit = limit;
  }

  get size() {
    return this.#nodes.size;
  }

  has(key) {
    return this.#nodes.has(key);
  }

  get(key) {
    const node = this.#nodes.get(key);
    if (!node) return undefined;
    this.#unlink(node);
    this.#link(node);
    return node.value;
  }

  set(key, value) {
    const known = this.#nodes.get(key);
    if (known) {
      known.value = value;
      this.#unlink(known);
      this.#link(known);
      return this;
    }
    if (this.#nodes.size >= this.limit) this.#forgetOldest();
    const node = { key, value, newer: null, older: null };
    this.#nodes.set(key, node);
    this.#link(node);
    return this;
  }

  delete(key) {
    const node = this.#nodes.get(key);
    if (!node) return false;
    this.#nodes.delete(key);
    this.#unlink(node);
    return true;
  }

  *keys() {
    for (let node = this.#newest; node; node = node.older) yield node.key;
  }

  *entries() {
    for (let node = this.#newest; node; node = node.older) yield [node.key, node.value];
  }

  #link(node) {
    node.older = this.#newest;
    node.newer = null;
    if (this.#newest) this.#newest.newer = node;
    this.#newest = node;
    if (!node.older) this.#oldest = node;
  }

  #unlink(node) {
    if (node.older) node.older.newer = node.newer;
    if (node.newer) node.newer.older = node.older;
    if (this.#newest === node) this.#newest = node.older;
    if (this.#oldest === node) this.#oldest = node.older;
    node.newer = null;
    node.older = null;
  }

  #forgetOldest() {
    const { key } = this.#oldest;
    this.delete(key);
  }
}
