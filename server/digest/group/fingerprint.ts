/** FROZEN with grouper v1. */
import type { StoredFrame } from '../../protocol/event.ts';
import type { GroupableEvent } from './v1.ts';

const VARIABLE = /^\{\{\s{0,10}([\w.-]{1,100})\s{0,10}\}\}$/;

/**
 * The SDK's fingerprint with its variables filled in.
 *
 * @returns null where it only says the default; `null` as a part stands for the default
 */
export function resolveFingerprint(event: GroupableEvent): (string | null)[] | null {
  const sent = event.fingerprint ?? [];
  const parts = sent.map((part) => resolve(part, event));
  return parts.length === 0 || parts.every((part) => part === null) ? null : parts;
}

function resolve(part: string, event: GroupableEvent): string | null {
  const name = VARIABLE.exec(part)?.[1];
  if (name === undefined) return part;
  if (name === 'default') return null;
  // As in Sentry, what the event does not have stands as a word, so that such events are together.
  return fill(name, event) || `<no-${name.replaceAll('.', '-')}>`;
}

function fill(name: string, event: GroupableEvent): string | null | undefined {
  const exception = event.exception?.values.at(-1);
  if (name.startsWith('tags.')) return event.tags.find(([key]) => key === name.slice(5))?.[1];
  switch (name) {
    case 'type':
    case 'error.type':
      return exception?.type;
    case 'value':
    case 'error.value':
      return exception?.value;
    case 'message':
      return event.logentry?.formatted || event.logentry?.message || exception?.value;
    case 'transaction':
      return event.transaction;
    case 'level':
      return event.level;
    case 'logger':
      return event.logger;
    case 'function':
    case 'stack.function':
      return crashFrame(event)?.function;
    case 'module':
    case 'stack.module':
      return crashFrame(event)?.module;
    case 'package':
    case 'stack.package':
      return crashFrame(event)?.package;
    case 'stack.abs_path':
      return crashFrame(event)?.abs_path;
    default:
      return `{{ ${name} }}`;
  }
}

function crashFrame(event: GroupableEvent): StoredFrame | undefined {
  const frames = event.exception?.values.at(-1)?.stacktrace?.frames ?? event.stacktrace?.frames ?? [];
  return frames.findLast((frame) => frame.in_app) ?? frames.at(-1);
}
