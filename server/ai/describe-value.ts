import type { Json } from '../protocol/event.ts';
import type { Redactor, TextKind } from './redact.ts';
import { clip, showInvisible } from './text.ts';

/** Every text of an event goes through here: made visible, redacted whole (a half secret is not recognized), then cut. */
export type Clean = {
  text: (value: string, limit: number, kind?: TextKind) => string;
  value: (value: Json, maxLength: number, name?: string) => Json;
};

const MAX_ITEMS = 10;
const MAX_KEYS = 20;

export function createClean(redactor: Pick<Redactor, 'text' | 'named'> | null): Clean {
  const redact = (value: string, kind: TextKind) => {
    const visible = showInvisible(value);
    return redactor ? redactor.text(visible, kind) : visible;
  };

  function prune(value: Json, name: string, depth: number, maxText: number): Json {
    if (typeof value === 'string') return clip(redactor?.named(name, value) ?? redact(value, 'data'), maxText);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) {
      if (depth === 0) return `[${value.length} items]`;
      const items = value.slice(0, MAX_ITEMS).map((item) => prune(item, name, depth - 1, maxText));
      return value.length > MAX_ITEMS ? [...items, `${value.length - MAX_ITEMS} more`] : items;
    }
    const entries = Object.entries(value);
    if (depth === 0) return `{${entries.length} keys}`;
    const kept = entries.slice(0, MAX_KEYS).map(([key, item]): [string, Json] => {
      return [clip(redact(key, 'data'), 80), prune(item, key, depth - 1, maxText)];
    });
    if (entries.length > MAX_KEYS) kept.push(['…', `${entries.length - MAX_KEYS} more`]);
    // `fromEntries` makes a `__proto__` key a plain one.
    return Object.fromEntries(kept);
  }

  return {
    text: (value, limit, kind = 'data') => clip(redact(value, kind), limit),
    /** Cut in depth, breadth and texts until its JSON is at most `maxLength` characters. */
    value: (value, maxLength, name = '') => {
      for (const depth of [3, 2, 1]) {
        const pruned = prune(value, name, depth, Math.max(40, Math.floor((maxLength * depth) / 3)));
        if (JSON.stringify(pruned).length <= maxLength) return pruned;
      }
      return prune(value, name, 0, maxLength - 40);
    },
  };
}
