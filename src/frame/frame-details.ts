import type { Frame, Stacktrace } from '../../server/protocol/contract.ts';

export type Registers = NonNullable<Stacktrace['registers']>;
/** Which details a frame has to show (sentry-behaviour 7.2). */
export type FrameDetails = {
  hasSource: boolean;
  /** None came, but it is our code at a line: the checkout may have it. */
  mayHaveSource: boolean;
  hasVariables: boolean;
  hasRegisters: boolean;
  hasAssembly: boolean;
  /** An assembly, how an unwinder found the frame, or a link to its source. */
  hasOrigin: boolean;
  hasErrors: boolean;
  /** Fields that only the frame's Context tells, a lock among them, which is what an ANR is about. */
  hasFields: boolean;
};

/** The frame's own platform, else that of its stack trace: a React Native trace has JavaScript, Java and native frames. */
export function platformOf(frame: Pick<Frame, 'platform'>, platform: string | null | undefined): string {
  return frame.platform || platform || 'other';
}

/** What the title and the other parts of a frame tell. */
const shownElsewhere = new Set(['function', 'context', 'vars', 'inApp', 'errors', 'trust', 'sourceLink']);

/** The fields that no other part of the frame tells, which have to be somewhere: paths, addresses, how it was found, locks. */
export function otherFields(frame: Frame, platform: string | null | undefined): [name: string, value: unknown][] {
  const isNamedByModule = platformOf(frame, platform) === 'java' && !!frame.module;
  const isPlaced = !!frame.lineNo && frame.lineNo > 0;
  return Object.entries(frame).filter(([name, value]) => {
    if (value === null || value === undefined || value === '') return false;
    if (typeof value === 'object' && Object.keys(value).length === 0) return false;
    if (name === 'filename') return isNamedByModule;
    if (name === 'absPath') return value !== frame.filename;
    // A title has no line 0, and no column without a line.
    if (name === 'lineNo') return !isPlaced;
    if (name === 'colNo') return !isPlaced || value === 0;
    return !shownElsewhere.has(name);
  });
}

const hasKeys = (value: object | null | undefined) => !!value && Object.keys(value).length > 0;

export function detailsOf(
  frame: Frame,
  { registers, platform }: { registers?: Registers | null | undefined; platform: string | null | undefined },
): FrameDetails {
  const hasAssembly = platformOf(frame, platform) === 'csharp' && !!frame.package;
  const hasSource = frame.context.some(([, text]) => text !== null);
  return {
    hasSource,
    mayHaveSource: !hasSource && frame.inApp && !!frame.filename && (frame.lineNo ?? 0) > 0,
    hasVariables: hasKeys(frame.vars),
    hasRegisters: hasKeys(registers),
    hasAssembly,
    hasOrigin: hasAssembly || !!frame.trust || !!frame.sourceLink,
    hasErrors: Array.isArray(frame.errors) && frame.errors.length > 0,
    hasFields: otherFields(frame, platform).length > 0,
  };
}

/** Something to show, or the only frame's honest "nothing". */
export function isExpandable(details: FrameDetails): boolean {
  return Object.values(details).some(Boolean);
}
