/** What is known of each document: its version here, and that of the server. */
export class Versions {
  #known = new Map();

  local(id) {
    return this.#known.get(id)?.local ?? 0;
  }

  remote(id) {
    return this.#known.get(id)?.remote ?? 0;
  }

  bump(id) {
    const local = this.local(id) + 1;
    this.#known.set(id, { local, remote: this.remote(id) });
    return local;
  }

  acknowledge(id, version) {
    this.#known.set(id, { local: Math.max(this.local(id), version), remote: version });
  }

  isBehind(id) {
    return this.remote(id) < this.local(id);
  }

  ids() {
    return [...this.#known.keys()];
  }
}
