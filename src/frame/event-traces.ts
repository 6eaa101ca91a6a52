import type * as z from 'zod/mini';
import {
  type Event,
  type Exception,
  exceptionEntryData,
  type Stacktrace,
  stacktraceEntryData,
  type Thread,
  threadsEntryData,
} from '../../server/protocol/contract.ts';
import { metaAt } from '../components/annotated-text-meta.ts';

/** Everything of an event that has frames, each with its `_meta`, and what could not be read of it. */
export type EventTraces = {
  exceptions: { values: Exception[]; omitted: [number, number] | null; meta: unknown } | null;
  stacktrace: { value: Stacktrace; raw: Stacktrace | null; meta: unknown } | null;
  threads: { values: Thread[]; meta: unknown } | null;
  unreadable: { type: string; reason: string }[];
};

/** Reads the event's entries. One that is not of its shape is named in `unreadable`, and the others are still shown. */
export function tracesOf(event: Event): EventTraces {
  const traces: EventTraces = { exceptions: null, stacktrace: null, threads: null, unreadable: [] };
  for (const [index, { type, data }] of event.entries.entries()) {
    const meta = metaAt(event._meta, 'entries', index, 'data');
    if (type === 'exception') {
      const parsed = read(exceptionEntryData, type, data, traces.unreadable);
      if (parsed) traces.exceptions = { values: parsed.values, omitted: toRange(parsed.excOmitted), meta };
    } else if (type === 'stacktrace') {
      const value = read(stacktraceEntryData, type, data, traces.unreadable);
      if (value) traces.stacktrace = { value, raw: value.rawStacktrace ?? null, meta };
    } else if (type === 'threads') {
      const parsed = read(threadsEntryData, type, data, traces.unreadable);
      if (parsed) traces.threads = { values: parsed.values, meta };
    }
  }
  return traces;
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
