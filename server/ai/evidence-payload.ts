import type { Json } from '../protocol/event.ts';
import type { DescribedEvent, DescribedFrame } from './described-event.ts';
import type { Evidence, IssueCounts, ShownSource } from './evidence.ts';

/** The JSON between the marks: `untrusted` is as the SDK sent it, `trusted` is what our own tooling says. */
export type Payload = {
  untrusted: DescribedEvent;
  trusted?: {
    issue?: ReturnType<typeof describeCounts>;
    checkouts?: ReturnType<typeof describeCheckout>[];
    coverage?: Evidence['coverage'];
  };
  left_out?: Record<string, number>;
};

export function payloadOf(evidence: Evidence): Payload {
  const { counts, coverage, leftOut } = evidence;
  const checkouts = Map.groupBy([...evidence.functions, ...evidence.definitions], ({ commit }) => commit);
  const trusted = {
    ...(counts && { issue: describeCounts(counts) }),
    ...(checkouts.size > 0 && {
      checkouts: [...checkouts].map(([commit, sources]) => describeCheckout(commit, sources)),
    }),
    ...(coverage.length > 0 && { coverage }),
  };
  return {
    untrusted: withoutRepeated(evidence),
    ...(Object.keys(trusted).length > 0 && { trusted }),
    ...(Object.keys(leftOut).length > 0 && { left_out: leftOut }),
  };
}

/** One value a line, so that people can read what is sent. */
export const renderPayload = (payload: Payload | Json): string => JSON.stringify(payload, null, 1);

const describeCounts = ({ timesSeen, userCount, firstSeen, lastSeen }: IssueCounts) => ({
  times_seen: timesSeen,
  users: userCount,
  first_seen: new Date(firstSeen).toISOString(),
  last_seen: new Date(lastSeen).toISOString(),
});

function describeCheckout(commit: string, sources: ShownSource[]) {
  const functions = sources.filter(({ frames }) => frames.length > 0);
  const definitions = sources.filter(({ frames }) => frames.length === 0);
  const described = ({ path, startLine, lines }: ShownSource) => ({ path, start_line: startLine, code: lines });
  return {
    commit,
    functions: functions.map((source) => ({
      frames: source.frames,
      ...described(source),
      ...(source.coverage && { coverage: source.coverage }),
    })),
    ...(definitions.length > 0 && { definitions: definitions.map(described) }),
  };
}

/** Lines that the event and the checkout both have stand once; the line that ran stays in its frame. */
function withoutRepeated({ event, functions, repeated }: Evidence): DescribedEvent {
  const shown = new Set(functions.flatMap(({ frames }) => frames).filter((frame) => repeated.has(frame)));
  if (shown.size === 0) return event;
  return mapFrames(event, (frame) => {
    if (frame.frame === undefined || !shown.has(frame.frame)) return frame;
    const { code_before: _before, code_after: _after, ...rest } = frame;
    return rest;
  });
}

export function mapTraces(event: DescribedEvent, map: (frames: DescribedFrame[]) => DescribedFrame[]): DescribedEvent {
  const mapped = {
    ...event,
    exceptions: event.exceptions.map((exception) =>
      exception.stacktrace ? { ...exception, stacktrace: map(exception.stacktrace) } : exception,
    ),
  };
  if (!event.threads) return mapped;
  return { ...mapped, threads: event.threads.map((thread) => ({ ...thread, stacktrace: map(thread.stacktrace) })) };
}

export const mapFrames = (event: DescribedEvent, map: (frame: DescribedFrame) => DescribedFrame): DescribedEvent =>
  mapTraces(event, (frames) => frames.map(map));

/** Frames of all traces, in the order in which they are shown. */
export const framesIn = ({ exceptions, threads = [] }: DescribedEvent): DescribedFrame[] =>
  [...exceptions, ...threads].flatMap(({ stacktrace = [] }) => stacktrace);
