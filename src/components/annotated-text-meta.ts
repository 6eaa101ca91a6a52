/** One annotation of `_meta`, read leniently: it came with the event. */
export type Remark = { rule: string; type: string; start: number | null; end: number | null };
export type Annotation = {
  remarks: Remark[];
  /** Kind and, where given, more about it. */
  errors: { kind: string; data: Record<string, unknown> }[];
  /** Characters, items or keys before it was cut. */
  originalLength: number | null;
  original: unknown;
};
export type Chunk = { text: string; remark: Remark | null };

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Steps down a `_meta` tree; undefined where it ends. Only own keys: `constructor` may be the name of a variable. */
export function metaAt(meta: unknown, ...path: (string | number)[]): unknown {
  let node = meta;
  for (const key of path) node = isObject(node) && Object.hasOwn(node, key) ? node[key] : undefined;
  return node;
}

/** The annotation of a node itself (under `""`); null when it has none that says anything. */
export function annotationOf(meta: unknown): Annotation | null {
  const node = metaAt(meta, '');
  if (!isObject(node)) return null;
  const remarks = (Array.isArray(node['rem']) ? node['rem'] : []).flatMap(toRemark);
  const errors = (Array.isArray(node['err']) ? node['err'] : []).flatMap(toError);
  const originalLength = typeof node['len'] === 'number' ? node['len'] : null;
  if (remarks.length === 0 && errors.length === 0 && originalLength === null) return null;
  return { remarks, errors, originalLength, original: node['val'] };
}

function toRemark(entry: unknown): Remark[] {
  if (!Array.isArray(entry)) return [];
  const [rule, type, start, end] = entry;
  const isRange = Number.isInteger(start) && Number.isInteger(end) && start >= 0 && end >= start;
  return [{ rule: String(rule), type: String(type), start: isRange ? start : null, end: isRange ? end : null }];
}

function toError(entry: unknown): Annotation['errors'] {
  const [kind, data] = Array.isArray(entry) ? entry : [entry];
  return typeof kind === 'string' ? [{ kind, data: isObject(data) ? data : {} }] : [];
}

/** A remark that only says where a text was cut, which the length says better. */
const isCut = (remark: Remark, { originalLength }: Annotation) => remark.rule === '!limit' && originalLength !== null;

/** Does the annotation say more than that the value was cut: something was replaced, or could not be read? */
export function isMarked(annotation: Annotation): boolean {
  return annotation.errors.length > 0 || annotation.remarks.some((remark) => !isCut(remark, annotation));
}

/** Are there pieces of the text to be marked, so that it must be shown as it was sent, piece by piece? */
export function hasMarkedPieces(annotation: Annotation | null): boolean {
  return !!annotation?.remarks.some((remark) => remark.start !== remark.end && !isCut(remark, annotation));
}

/** Splits a text at the remarks that have a range. Ranges are UTF-16 units, end exclusive; what does not fit is left out. */
export function chunksOf(text: string, annotation: Annotation): Chunk[] {
  const chunks: Chunk[] = [];
  let at = 0;
  const marks = annotation.remarks.filter((remark) => !isCut(remark, annotation));
  const byStart = marks.sort((a, b) => (a.start ?? 0) - (b.start ?? 0));
  for (const remark of byStart) {
    const { start, end } = remark;
    if (start === null || end === null || start < at || end > text.length || end === start) continue;
    if (start > at) chunks.push({ text: text.slice(at, start), remark: null });
    chunks.push({ text: text.slice(start, end), remark });
    at = end;
  }
  if (at < text.length) chunks.push({ text: text.slice(at), remark: null });
  return chunks;
}

const verbs: Record<string, string> = {
  a: 'Annotated',
  x: 'Removed',
  s: 'Replaced',
  m: 'Masked',
  p: 'Pseudonymized',
  e: 'Encrypted',
};
const knownRules: Record<string, string> = {
  '!limit': 'because of size limits',
  '!raw': 'because the raw payload is not kept',
  '!config': 'because of the configuration of the SDK',
};

/** "Replaced because of the data scrubbing rule @password." */
export function describeRemark({ rule, type }: Remark): string {
  const verb = Object.hasOwn(verbs, type) ? verbs[type] : 'Changed';
  const why = Object.hasOwn(knownRules, rule) ? knownRules[rule] : `because of the data scrubbing rule ${rule}`;
  return `${verb} ${why}.`;
}

const errorWords: Record<string, string> = {
  invalid_data: 'The value could not be read',
  missing_attribute: 'A required value is missing',
  invalid_attribute: 'The field is not one that is known here',
  value_too_long: 'The value is too long',
  clock_drift: 'The clock of the sender was off',
  past_timestamp: 'The time is too far in the past',
  future_timestamp: 'The time is in the future',
};

function describeError({ kind, data }: Annotation['errors'][number]): string {
  const words = Object.hasOwn(errorWords, kind) ? errorWords[kind] : kind.replaceAll('_', ' ');
  return typeof data['reason'] === 'string' ? `${words}: ${data['reason']}.` : `${words}.`;
}

const count = (value: number) => value.toLocaleString('en-US');

/** How much of a value is left: "first 2,048 of 10,000 characters"; null when nothing was cut. */
export function describeCut(value: unknown, { originalLength }: Annotation): string | null {
  if (originalLength === null) return null;
  const [length, unit] =
    typeof value === 'string'
      ? [value.length, 'characters']
      : Array.isArray(value)
        ? [value.length, 'items']
        : isObject(value)
          ? [Object.keys(value).length, 'keys']
          : [0, 'characters'];
  return originalLength > length ? `first ${count(length)} of ${count(originalLength)} ${unit}` : null;
}

/** All that an annotation says about its value, in sentences. */
export function describeAnnotation(value: unknown, annotation: Annotation): string {
  const cut = describeCut(value, annotation);
  const sent = typeof annotation.original === 'string' ? annotation.original : JSON.stringify(annotation.original);
  return [
    ...annotation.errors.map(describeError),
    ...(sent ? [`It was sent as: ${sent.length > 200 ? `${sent.slice(0, 200)}…` : sent}`] : []),
    ...new Set(annotation.remarks.map(describeRemark)),
    ...(cut ? [`Cut: only the ${cut} came.`] : []),
  ].join(' ');
}
