import * as z from 'zod/mini';
import {
  type Event,
  type Exception,
  exceptionSchema,
  type Stacktrace,
  stacktraceSchema,
  type Thread,
  threadSchema,
} from '../../server/protocol/contract.ts';
import { metaAt } from '../components/annotated-text-meta.ts';
import { readFrame } from './read-frame.ts';

/** Everything of an event that has frames, each with its `_meta`, and what could not be read of it. */
export type EventTraces = {
  exceptions: { values: Exception[]; omitted: [number, number] | null; meta: unknown } | null;
  stacktrace: { value: Stacktrace; raw: Stacktrace | null; meta: unknown } | null;
  threads: { values: Thread[]; meta: unknown } | null;
  unreadable: { type: string; reason: string }[];
};

/** Frames are read one by one: one that is broken takes no trace with it. */
const traceOutside = z.looseObject({ ...stacktraceSchema.shape, frames: z.array(z.unknown()) });
const traces = {
  stacktrace: z.optional(z.nullable(traceOutside)),
  rawStacktrace: z.optional(z.nullable(traceOutside)),
};
const messageTraceOutside = z.looseObject({ ...traceOutside.shape, rawStacktrace: traces.rawStacktrace });
const exceptionsOutside = z.looseObject({
  values: z.array(z.looseObject({ ...exceptionSchema.shape, ...traces })),
  excOmitted: z.optional(z.unknown()),
});
const threadsOutside = z.looseObject({ values: z.array(z.looseObject({ ...threadSchema.shape, ...traces })) });

const known = new WeakMap<Event, EventTraces>();

/**
 * Reads the event's entries. One that is not of its shape is named in `unreadable`, and the others are still shown. An
 * event is read once: React may draw it several times before it is seen.
 */
export function tracesOf(event: Event): EventTraces {
  const before = known.get(event);
  if (before) return before;
  const found = readTraces(event);
  known.set(event, found);
  return found;
}

function readTraces(event: Event): EventTraces {
  const found: EventTraces = { exceptions: null, stacktrace: null, threads: null, unreadable: [] };
  for (const [index, { type, data }] of event.entries.entries()) {
    const meta = metaAt(event._meta, 'entries', index, 'data');
    if (type === 'exception') {
      const parsed = read(exceptionsOutside, type, data, found.unreadable);
      if (parsed) {
        found.exceptions = { values: parsed.values.map(withFrames), omitted: toRange(parsed.excOmitted), meta };
      }
    } else if (type === 'stacktrace') {
      const value = read(messageTraceOutside, type, data, found.unreadable);
      const raw = value?.rawStacktrace;
      if (value) found.stacktrace = { value: toStacktrace(value), raw: raw ? toStacktrace(raw) : null, meta };
    } else if (type === 'threads') {
      const parsed = read(threadsOutside, type, data, found.unreadable);
      if (parsed) found.threads = { values: parsed.values.map(withFrames), meta };
    }
  }
  return found;
}

type Outside = z.infer<typeof traceOutside>;
type Holder = { stacktrace?: Outside | null | undefined; rawStacktrace?: Outside | null | undefined };

const toStacktrace = (trace: Outside): Stacktrace => ({ ...trace, frames: trace.frames.map(readFrame) });

function withFrames<T extends Holder>(holder: T) {
  const { stacktrace, rawStacktrace } = holder;
  return {
    ...holder,
    stacktrace: stacktrace && toStacktrace(stacktrace),
    rawStacktrace: rawStacktrace && toStacktrace(rawStacktrace),
  };
}

function read<T>(
  schema: z.ZodMiniType<T>,
  type: string,
  data: unknown,
  unreadable: EventTraces['unreadable'],
): T | null {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  unreadable.push({ type, reason: `${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'unknown shape'}` });
  return null;
}

function toRange(value: unknown): [number, number] | null {
  if (!Array.isArray(value)) return null;
  const [from, to] = value;
  return typeof from === 'number' && typeof to === 'number' && to > from ? [from, to] : null;
}
