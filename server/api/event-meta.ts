import { isNode, type Node, own } from './event-keys.ts';

/** A piece of an annotated text, as the page shows it: `redaction` has the rule that made it. */
type Chunk = { type: 'text'; text: string } | { type: 'redaction'; text: string; rule_id: string; remark: string };

/**
 * The annotations that belong to `value`, in its own layout. What is about list items that are not there is left out
 * (SDKs cut lists after annotating them); an annotation of an absent field stays, because it says that something was
 * removed. Remarks with a range inside a text become `chunks`. Null when nothing is left.
 */
export function metaFor(meta: unknown, value: unknown): Node | null {
  if (!isNode(meta)) return null;
  const kept: [string, unknown][] = [];
  for (const [key, child] of Object.entries(byIndex(meta, value))) {
    if (key === '') {
      if (isNode(child)) kept.push([key, withChunks(child, value)]);
      continue;
    }
    if (Array.isArray(value) && !(Number(key) < value.length)) continue;
    const childMeta = metaFor(child, own(value, key));
    if (childMeta) kept.push([key, childMeta]);
  }
  return kept.length > 0 ? Object.fromEntries(kept) : null;
}

/** SDKs annotate headers and tags by name, as they sent them; as a list of pairs they are known by their index. */
function byIndex(meta: Node, value: unknown): Node {
  if (!isPairs(value)) return meta;
  return Object.fromEntries(
    Object.entries(meta).map(([key, child]) => {
      if (key === '' || /^\d+$/.test(key)) return [key, child];
      const index = value.findIndex(([name]) => name.toLowerCase() === key.toLowerCase());
      return [String(index < 0 ? value.length : index), { '1': child }];
    }),
  );
}

function isPairs(value: unknown): value is [string, unknown][] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((pair) => Array.isArray(pair) && typeof pair[0] === 'string')
  );
}

function withChunks(annotation: Node, value: unknown): Node {
  const remarks = own(annotation, 'rem');
  if (typeof value !== 'string' || !Array.isArray(remarks)) return annotation;
  const chunks = chunksOf(value, remarks);
  return chunks ? { ...annotation, chunks } : annotation;
}

/** Null when no remark has a range inside the text. Ranges are in UTF-16 units, start inclusive, end exclusive. */
function chunksOf(text: string, remarks: unknown[]): Chunk[] | null {
  const chunks: Chunk[] = [];
  let at = 0;
  for (const { rule, remark, start, end } of remarks.flatMap(toRange).sort((a, b) => a.start - b.start)) {
    if (start < at || end > text.length) continue;
    if (start > at) chunks.push({ type: 'text', text: text.slice(at, start) });
    chunks.push({ type: 'redaction', text: text.slice(start, end), rule_id: rule, remark });
    at = end;
  }
  if (chunks.length === 0) return null;
  if (at < text.length) chunks.push({ type: 'text', text: text.slice(at) });
  return chunks;
}

function toRange(remark: unknown): { rule: string; remark: string; start: number; end: number }[] {
  if (!Array.isArray(remark)) return [];
  const [rule, kind, start, end] = remark;
  const isRange = typeof start === 'number' && typeof end === 'number' && start >= 0 && end > start;
  return typeof rule === 'string' && typeof kind === 'string' && isRange ? [{ rule, remark: kind, start, end }] : [];
}
