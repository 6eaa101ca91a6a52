import type { StoredEvent, StoredException, StoredFrame } from '../../server/protocol/event.ts';

// What Sentry's own description gives a model (sentry-behaviour 1.3), quirks and all, so that ours can be held against it.
// Its detailed mode, in which every frame has its source: the better of its two.

const MAX_EXCEPTIONS = 3;
const MAX_FRAMES = 15;

export function sentryDescription(event: StoredEvent) {
  const message = event.logentry?.message;
  const values = (event.exception?.values ?? []).filter((one) => one !== null);
  return {
    ...(message && { message }),
    ...(event.platform && event.platform !== 'other' && { language: event.platform }),
    // The oldest three, newest of them first.
    exceptions: values.slice(0, MAX_EXCEPTIONS).reverse().map(describeException),
  };
}

function describeException(exception: StoredException, index: number) {
  const frames = (exception.stacktrace?.frames ?? []).filter((frame) => frame !== null).reverse();
  return {
    num: index + 1,
    ...(index > 0 && { raised_during_handling_of_previous_exception: true }),
    ...(exception.type && { type: exception.type }),
    message: exception.value ?? null,
    ...(exception.mechanism?.meta && { exception_info: exception.mechanism.meta }),
    ...(exception.mechanism?.handled === false && { unhandled: true }),
    ...(frames.length > 0 && { stacktrace: trim(frames).map((frame, at) => describeFrame(frame, at === 0)) }),
  };
}

function describeFrame(frame: StoredFrame, isMarked: boolean) {
  return {
    ...(frame.function != null && { func: frame.function }),
    ...(frame.module != null && { module: frame.module }),
    ...(frame.filename != null && { file: frame.filename }),
    ...(frame.lineno != null && { line: frame.lineno }),
    ...(frame.in_app && { in_app: true }),
    // Of the newest frame, whoever wrote it.
    ...(isMarked && { crash: 'here' }),
    ...(frame.pre_context?.length && { code_before: frame.pre_context }),
    code: frame.context_line ?? '',
    ...(frame.post_context?.length && { code_after: frame.post_context }),
  };
}

/** @param frames newest first */
function trim(frames: StoredFrame[]): StoredFrame[] {
  if (frames.length <= MAX_FRAMES) return frames;
  const app = frames.filter(({ in_app }) => in_app);
  const system = frames.filter(({ in_app }) => !in_app);
  const allowed = Math.max(MAX_FRAMES - app.length, 0);
  const half = Math.floor(allowed / 2);
  // With one allowed, half is none, and a slice from minus none is all.
  const keptSystem = allowed === 0 ? [] : half === 0 ? system : [...system.slice(0, half), ...system.slice(-half)];
  const appHalf = Math.floor(MAX_FRAMES / 2);
  const keptApp = app.length > MAX_FRAMES ? [...app.slice(0, appHalf), ...app.slice(-appHalf)] : app;
  const kept = new Set([...keptSystem, ...keptApp]);
  return frames.filter((frame) => kept.has(frame));
}
