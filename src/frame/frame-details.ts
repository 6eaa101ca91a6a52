import type { Frame, Stacktrace } from '../../server/protocol/contract.ts';

export type Registers = NonNullable<Stacktrace['registers']>;
/** Which details a frame has to show (sentry-behaviour 7.2). */
export type FrameDetails = {
  hasSource: boolean;
  hasVariables: boolean;
  hasRegisters: boolean;
  hasAssembly: boolean;
  hasErrors: boolean;
  /** A lock that the frame held or waited for: what an ANR is about. */
  hasLock: boolean;
};

/** The frame's own platform, else that of its stack trace: a React Native trace has JavaScript, Java and native frames. */
export function platformOf(frame: Pick<Frame, 'platform'>, platform: string | null | undefined): string {
  return frame.platform || platform || 'other';
}

const hasKeys = (value: object | null | undefined) => !!value && Object.keys(value).length > 0;

export function detailsOf(
  frame: Frame,
  { registers, platform }: { registers?: Registers | null | undefined; platform: string | null | undefined },
): FrameDetails {
  return {
    hasSource: frame.context.some(([, text]) => text !== null),
    hasVariables: hasKeys(frame.vars),
    hasRegisters: hasKeys(registers),
    hasAssembly: platformOf(frame, platform) === 'csharp' && !!frame.package,
    hasErrors: Array.isArray(frame.errors) && frame.errors.length > 0,
    hasLock: typeof frame.lock === 'object' && frame.lock !== null,
  };
}

/** Something to show, or the only frame's honest "nothing". */
export function isExpandable(details: FrameDetails): boolean {
  return Object.values(details).some(Boolean);
}
