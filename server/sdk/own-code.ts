import { join, sep } from 'node:path';
import type { ErrorEvent, EventHint, StackParser } from '@sentry/core';

/** The folder of our code, with a separator at the end. */
export const OWN_ROOT = join(import.meta.dirname, '..', '..', sep);
const OWN_PACKAGES = join(OWN_ROOT, 'node_modules', sep);

/** Tag of an error that has a code, as those of Node and SQLite have. */
export const CODE_TAG = 'error.code';

/**
 * Parses only the lines that V8 wrote. Before them the stack has the error's message, which may be a stranger's, and a
 * line of it such as "at secret (here:1:2)" would become a frame.
 */
export const withoutMessage =
  (parse: StackParser): StackParser =>
  (stack, _skipped, framesToPop) => {
    const lines = stack.split('\n');
    let first = lines.length;
    while (first > 0 && lines[first - 1]?.startsWith('    at ')) first -= 1;
    return parse(lines.slice(first).join('\n'), 0, framesToPop);
  };

/**
 * Last step before sending: marks the frames of our own code, which the SDK takes for a library's when Stackmend itself was
 * installed as a package; and tells the error's code, which says more than its class.
 */
export function describeOwnError(event: ErrorEvent, hint: EventHint): ErrorEvent {
  for (const { stacktrace } of event.exception?.values ?? []) {
    for (const frame of stacktrace?.frames ?? []) frame.in_app = isOwnFile(frame.filename);
  }
  const error = hint.originalException;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && code) event.tags = { ...event.tags, [CODE_TAG]: code };
  return event;
}

function isOwnFile(filename = ''): boolean {
  return filename.startsWith(OWN_ROOT) && !filename.startsWith(OWN_PACKAGES);
}
