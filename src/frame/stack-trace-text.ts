import type { Event, Exception, Stacktrace } from '../../server/protocol/contract.ts';
import type { DisplayOptions } from './display-options.ts';
import type { EventTraces } from './event-traces.ts';
import { unprocessed } from './exception-chain.ts';
import { exceptionTree, flattenBranches } from './exception-tree.ts';
import { rawExceptions, rawStacktrace } from './raw-stacktrace.ts';
import { stackTraceMarkdown } from './stack-trace-markdown.ts';

type Shown = {
  traces: EventTraces;
  options: DisplayOptions;
  /** The first stack trace that there is: of an event without exceptions. */
  first: Stacktrace | undefined;
};

/** What the copy button copies: the exceptions, else the first stack trace. */
export function asText({ traces, options, first }: Shown, platform: string | null): string {
  const exceptions = shownExceptions(traces, options);
  return exceptions.length > 0 ? rawExceptions(exceptions, platform) : rawStacktrace({ stacktrace: first, platform });
}

export function asMarkdown({ traces, options, first }: Shown, event: Event): string {
  return stackTraceMarkdown(event, shownExceptions(traces, options), first);
}

/** In the form and the order that the page has them in; empty for an event without exceptions. */
function shownExceptions({ exceptions }: EventTraces, { order, isMinified }: DisplayOptions): Exception[] {
  const values: Exception[] = exceptions?.values ?? [];
  const newestFirst = flattenBranches(exceptionTree(values)).flatMap((index) => values.slice(index, index + 1));
  const shown = isMinified ? newestFirst.map(unprocessed) : newestFirst;
  return order === 'newest' ? shown : shown.reverse();
}
