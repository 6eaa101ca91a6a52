import { Cache } from './cache.js';

const KINDS = { article: 3600, list: 60, search: 5 };

/** Renders pages and keeps the last ones. */
export class Pages {
  constructor(render, { limit = 2, now = Date.now } = {}) {
    this.render = render;
    this.now = now;
    this.cache = new Cache(limit);
  }

  page(path) {
    const kept = this.cache.get(path);
    if (kept && kept.until > this.now()) return kept.html;
    const html = this.render(path);
    this.cache.set(path, { html, until: this.now() + this.lifeOf(path) * 1000 });
    return html;
  }

  lifeOf(path) {
    const [, kind] = path.split('/');
    return KINDS[kind] ?? 30;
  }
}
