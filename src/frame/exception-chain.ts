import type { Exception } from '../../server/protocol/contract.ts';

/** How an exception of a chain belongs to another one: words before that one's name. */
export type ChainHint = { words: string; other: string };

const groupWords = 'One of the group';
/** Does the hint say only that it is in a group? Within one that is said already. */
export const isGroupHint = (hint: ChainHint | null): boolean => hint?.words === groupWords;
const firstLine = (text: string | null | undefined) => text?.split('\n', 1)[0]?.slice(0, 80) ?? '';
const nameOf = ({ type, value }: Exception) => type || firstLine(value) || 'another exception';

/**
 * What led from one exception to another. Mechanisms of newer SDKs say which is whose parent, and why; in an older chain,
 * an exception leads to the next (they are oldest first).
 */
export function chainHint(exceptions: readonly Exception[], index: number): ChainHint | null {
  const exception = exceptions[index];
  const mechanism = exception?.mechanism;
  const parentId = mechanism?.parent_id;
  if (typeof parentId === 'number') {
    const parent = exceptions.find((other) => other !== exception && other.mechanism?.exception_id === parentId);
    if (!parent) return null;
    const words = linkWords(mechanism?.source, parent);
    // Groups may hold groups: there, the type alone says nothing.
    const isGroup = words === groupWords && parent.type && parent.value;
    return { words, other: isGroup ? `${parent.type}: ${firstLine(parent.value)}` : nameOf(parent) };
  }
  const next = exceptions[index + 1];
  if (!exception || !next || typeof mechanism?.exception_id === 'number') return null;
  return { words: 'Led to', other: nameOf(next) };
}

function linkWords(source: string | null | undefined, parent: Exception): string {
  if (source === '__context__') return 'Was being handled when this was raised:';
  if (parent.mechanism?.is_exception_group || /^(exceptions|errors)\[/.test(source ?? '')) return groupWords;
  return 'Direct cause of';
}

/** ANRs and app hangs are no crash: nothing was thrown. */
export function isHang({ mechanism }: Exception): boolean {
  return /^(ANR|AppExitInfo|AppHang|mx_hang_diagnostic)/.test(mechanism?.type ?? '');
}

/** The exception in the form that was sent before source maps were applied; what has no such form stays. */
export function unprocessed(exception: Exception): Exception {
  const { rawType, rawValue, rawModule } = exception;
  const text = (raw: unknown, processed: string | null | undefined) => (typeof raw === 'string' ? raw : processed);
  return {
    ...exception,
    type: text(rawType, exception.type),
    value: text(rawValue, exception.value),
    module: text(rawModule, exception.module),
    stacktrace: exception.rawStacktrace ?? exception.stacktrace,
  };
}
