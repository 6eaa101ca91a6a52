import { EventEmitter } from 'node:events';
import { Batcher } from './batcher.js';
import { createDecoder, encode } from './codec.js';
import { closed, refused } from './errors.js';
import { Versions } from './versions.js';

const RECONNECT_MS = [50, 200, 1000, 5000];

/**
 * Keeps documents the same here and on the server. Changes are sent in batches; each is acknowledged with its version.
 *
 * Events: `open`, `close`, `change` (id, body), `conflict` (id, mine, theirs).
 */
export class SyncClient extends EventEmitter {
  #socket = null;
  #state = 'idle';
  #tries = 0;
  #decode = createDecoder();
  #documents = new Map();
  #versions = new Versions();
  #waiting = new Map();
  #batcher;
  #connect;

  constructor({ connect, waitMs = 20 }) {
    super();
    this.#connect = connect;
    this.#batcher = new Batcher({
      waitMs,
      onBatch: (changes) => {
        this.#socket.write(encode('changes', changes));
        for (const { id, version } of changes) this.#waiting.get(`${id}:${version}`)?.onSent?.();
      },
    });
  }

  get state() {
    return this.#state;
  }

  get pending() {
    return this.#waiting.size;
  }

  /** Resolves when the server is there. */
  async open() {
    if (this.#state === 'open') return;
    this.#state = 'opening';
    this.#socket = this.#connect();
    this.#socket.on('data', (piece) => this.#receive(piece));
    this.#socket.on('end', () => this.#lost());
    await new Promise((resolve) => this.#socket.once('ready', resolve));
    this.#state = 'open';
    this.#tries = 0;
    this.emit('open');
    this.#sendAgain();
  }

  get(id) {
    return this.#documents.get(id)?.body ?? null;
  }

  list() {
    return [...this.#documents].map(([id, { body }]) => ({ id, body, isSaved: !this.#versions.isBehind(id) }));
  }

  /** Changes a document here at once. Resolves when the server has it. */
  set(id, body) {
    const version = this.#versions.bump(id);
    this.#documents.set(id, { body, version });
    this.emit('change', id, body);
    return this.#send({ id, version, body });
  }

  remove(id) {
    const version = this.#versions.bump(id);
    this.#documents.delete(id);
    this.emit('change', id, null);
    return this.#send({ id, version, body: null });
  }

  #send(change) {
    if (this.#state === 'closed') return Promise.reject(closed());
    const key = `${change.id}:${change.version}`;
    return new Promise((resolve, reject) => {
      this.#waiting.set(key, { change, resolve, reject });
      this.#batcher.add(change);
    });
  }

  #sendAgain() {
    for (const { change } of this.#waiting.values()) this.#batcher.add(change);
  }

  #receive(piece) {
    for (const { type, body } of this.#decode(piece)) {
      if (type === 'acknowledged') this.#acknowledged(body);
      else if (type === 'changed') this.#changed(body);
      else if (type === 'refused') this.#refused(body);
    }
  }

  #acknowledged(changes) {
    for (const { id, version } of changes) {
      const key = `${id}:${version}`;
      this.#versions.acknowledge(id, version);
      this.#waiting.get(key)?.resolve(version);
      this.#waiting.delete(key);
    }
  }

  #refused({ id, version, reason }) {
    const key = `${id}:${version}`;
    this.#waiting.get(key)?.reject(refused(reason));
    this.#waiting.delete(key);
  }

  #changed({ id, version, body }) {
    const mine = this.#documents.get(id);
    if (mine && this.#versions.isBehind(id)) {
      this.emit('conflict', id, mine.body, body);
      return;
    }
    this.#versions.acknowledge(id, version);
    if (body === null) this.#documents.delete(id);
    else this.#documents.set(id, { body, version });
    this.emit('change', id, body);
  }

  /** Takes what the server has, and forgets the change that is waiting. */
  takeTheirs(id, { version, body }) {
    for (const [key, { change, resolve }] of this.#waiting) {
      if (change.id !== id) continue;
      resolve(version);
      this.#waiting.delete(key);
    }
    this.#versions.acknowledge(id, version);
    this.#documents.set(id, { body, version });
    this.emit('change', id, body);
  }

  /** Writes over what the server has. */
  keepMine(id) {
    const mine = this.#documents.get(id);
    return mine ? this.set(id, mine.body) : Promise.resolve(0);
  }

  #lost() {
    if (this.#state === 'closed') return;
    this.#state = 'lost';
    this.#batcher.cancel();
    this.emit('close');
    const wait = RECONNECT_MS[Math.min(this.#tries, RECONNECT_MS.length - 1)];
    this.#tries += 1;
    setTimeout(() => this.open(), wait).unref();
  }

  /** For good. What was not sent is rejected. */
  close() {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    for (const { reject } of this.#waiting.values()) reject(closed());
    this.#waiting.clear();
    this.#socket?.end();
    this.#socket = null;
    this.emit('close');
  }
}
