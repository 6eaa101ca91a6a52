import type { EventCoverage } from '../protocol/contract.ts';
import type { StoredEvent, StoredFrame } from '../protocol/event.ts';
import type { Coverage, FrameLine } from './line-coverage.ts';

/** A recursion that ran out of stack comes with thousands of frames, of a few lines. */
const MAX_FRAMES = 500;

export type EventFrame = FrameLine & {
  exceptionIndex: number | null;
  threadIndex: number | null;
  /** Within its stack trace, the oldest first. */
  frameIndex: number;
};

/** In-app frames of every exception and of the crashed thread; where there is neither, of the stack trace of the event. */
export function eventFrames(event: StoredEvent): EventFrame[] {
  const exceptions = event.exception?.values ?? [];
  const threads = event.threads?.values ?? [];
  const stacks = [
    ...exceptions.map(({ stacktrace }, exceptionIndex) => ({ stacktrace, exceptionIndex, threadIndex: null })),
    ...threads.flatMap(({ stacktrace, crashed }, threadIndex) =>
      crashed ? [{ stacktrace, exceptionIndex: null, threadIndex }] : [],
    ),
  ].filter(({ stacktrace }) => stacktrace?.frames?.length);
  const shown =
    stacks.length > 0 ? stacks : [{ stacktrace: event.stacktrace, exceptionIndex: null, threadIndex: null }];
  return shown.flatMap(({ stacktrace, ...place }) =>
    (stacktrace?.frames ?? []).flatMap((frame, frameIndex) =>
      frame.in_app ? [{ ...place, frameIndex, ...frameLine(frame, event.platform) }] : [],
    ),
  );
}

const frameLine = (frame: StoredFrame, platform: string): FrameLine => ({
  filename: frame.filename ?? null,
  absPath: frame.abs_path ?? null,
  module: frame.module ?? null,
  platform: frame.platform ?? platform,
  lineNo: frame.lineno ?? null,
});

/** Whether tests reach the lines that an event's own frames stopped at; of a deep stack, the newest 500 frames. */
export async function coverageOfEvent(
  coverage: Pick<Coverage, 'forLines'>,
  event: StoredEvent,
  projectId: number,
): Promise<EventCoverage> {
  const all = eventFrames(event);
  const frames = all.slice(-MAX_FRAMES);
  const lines = await coverage.forLines({ projectId, release: event.release }, frames);
  return {
    frames: frames.flatMap(({ exceptionIndex, threadIndex, frameIndex, filename, absPath, lineNo }, index) => {
      const line = lines[index];
      if (!line) return [];
      const { reason, detail, candidates, path, commit, sameContentAs } = line.coverage;
      return {
        exceptionIndex,
        threadIndex,
        frameIndex,
        filename: filename ?? absPath ?? null,
        lineNo,
        code: line.code,
        hits: line.hits,
        reason: reason ?? null,
        detail: detail ?? null,
        candidates: candidates ?? null,
        path: path ?? null,
        commit: commit ?? null,
        sameContentAs: sameContentAs ?? null,
      };
    }),
    framesOmitted: all.length - frames.length,
  };
}
