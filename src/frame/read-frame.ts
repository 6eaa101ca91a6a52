import { type Frame, frameSchema } from '../../server/protocol/contract.ts';

const texts = [
  'filename',
  'absPath',
  'module',
  'package',
  'platform',
  'function',
  'rawFunction',
  'symbol',
  'instructionAddr',
  'symbolAddr',
  'imageAddr',
  'addrMode',
  'trust',
  'symbolicatorStatus',
  'sourceLink',
];
const numbers = ['lineNo', 'colNo'];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isAbsentOr = (kind: 'string' | 'number', value: unknown) =>
  value === undefined || value === null || typeof value === kind;

/**
 * Does `frameSchema` take it? By hand, since the schema needs a tenth of a millisecond a frame, for which a page of 2,000
 * frames would wait.
 */
export function isFrame(value: unknown): value is Frame {
  if (!isObject(value)) return false;
  const { context, inApp, vars } = value;
  return (
    typeof inApp === 'boolean' &&
    Array.isArray(context) &&
    context.every(isLine) &&
    (vars === undefined || vars === null || isObject(vars)) &&
    texts.every((name) => isAbsentOr('string', value[name])) &&
    numbers.every((name) => isAbsentOr('number', value[name]))
  );
}

function isLine(line: unknown): boolean {
  if (!Array.isArray(line) || line.length !== 2) return false;
  const [number, text] = line;
  return typeof number === 'number' && (text === null || typeof text === 'string');
}

const reasons = new WeakMap<Frame, string>();

/** The frame as it came; of one that is not of its shape, the fields that are, and `whyBroken` tells which was not. */
export function readFrame(value: unknown): Frame {
  if (isFrame(value)) return value;
  const problems = frameSchema.safeParse(value).error?.issues ?? [];
  const frame: Frame = { ...(isObject(value) ? value : {}), context: [], inApp: false };
  if (isObject(value) && typeof value['inApp'] === 'boolean') frame.inApp = value['inApp'];
  if (isObject(value) && Array.isArray(value['context'])) frame.context = value['context'].filter(isLine);
  for (const { path } of problems) {
    const [field] = path;
    if (typeof field === 'string' && field !== 'context' && field !== 'inApp') frame[field] = null;
  }
  const [first] = problems;
  reasons.set(frame, `${first?.path.join('.') || 'it'}: ${first?.message ?? 'unknown shape'}`);
  return frame;
}

/** Which field of a frame could not be read, and why; null of one that could. */
export const whyBroken = (frame: Frame): string | null => reasons.get(frame) ?? null;
