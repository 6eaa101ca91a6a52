import { type Endpoint, optionOf } from './endpoint.ts';
import { ModelError } from './suggest-error.ts';

/** Milliseconds: of silence before the first word, of silence after it, and of the whole call with its waits. */
export type Patience = { firstMs: number; betweenMs: number; totalMs: number };

export type Deadline = {
  /** Aborted by the caller, or when the time is over. */
  signal: AbortSignal;
  /** Milliseconds. */
  left: () => number;
  end: () => void;
};

export type Watch = {
  signal: AbortSignal;
  /** Anything came, a sign of life included. */
  heard: () => void;
  /** Text came. */
  wrote: () => void;
  /** The answer is whole; what may still come is its usage. */
  finished: () => void;
  end: () => void;
};

type Phase = 'first' | 'between' | 'total';
class OutOfPatience extends Error {
  override name = 'OutOfPatience';
  readonly phase: Phase;

  constructor(phase: Phase) {
    super(phase);
    this.phase = phase;
  }
}

/** Usage comes right behind the answer; some servers just leave the connection open. */
const AFTER_FINISH_MS = 2000;

/** Bounds a call with all its tries and waits. */
export function createDeadline(totalMs: number, caller: AbortSignal): Deadline {
  const { controller, unlink } = follow(caller);
  const until = performance.now() + totalMs;
  const timer = setTimeout(() => controller.abort(new OutOfPatience('total')), totalMs);
  return {
    signal: controller.signal,
    left: () => until - performance.now(),
    end: () => {
      clearTimeout(timer);
      unlink();
    },
  };
}

/** Ends a try that has gone silent, or that the caller has left. */
export function createWatch({ firstMs, betweenMs }: Patience, caller: AbortSignal): Watch {
  const { controller, unlink } = follow(caller);
  let phase: Phase = 'first';
  let silenceMs = firstMs;
  const giveUp = () => controller.abort(new OutOfPatience(phase));
  let silence = setTimeout(giveUp, silenceMs);
  let isFinished = false;
  const heard = () => {
    // Signs of life behind the end keep nothing open.
    if (isFinished) return;
    clearTimeout(silence);
    silence = setTimeout(giveUp, silenceMs);
  };
  return {
    signal: controller.signal,
    heard,
    wrote: () => {
      phase = 'between';
      silenceMs = betweenMs;
      heard();
    },
    finished: () => {
      silenceMs = Math.min(silenceMs, AFTER_FINISH_MS);
      heard();
      isFinished = true;
    },
    end: () => {
      clearTimeout(silence);
      unlink();
      controller.abort();
    },
  };
}

function follow(caller: AbortSignal): { controller: AbortController; unlink: () => void } {
  const controller = new AbortController();
  const leave = () => controller.abort(caller.reason);
  if (caller.aborted) leave();
  caller.addEventListener('abort', leave, { once: true });
  return { controller, unlink: () => caller.removeEventListener('abort', leave) };
}

/** @returns what to throw for a call that was ended: the caller's own reason, or a timeout */
export function abortedBy(signal: AbortSignal, endpoint: Endpoint): unknown {
  if (!(signal.reason instanceof OutOfPatience)) return signal.reason;
  const { host, timeouts } = endpoint;
  const seconds = (milliseconds: number) => `${Math.ceil(milliseconds / 1000)} s`;
  const words: Record<Phase, string> = {
    first: `${host} said nothing for ${seconds(timeouts.firstMs)}.`,
    between: `${host} went silent midway, for ${seconds(timeouts.betweenMs)}.`,
    total: `${host} took too long: more than ${seconds(timeouts.totalMs)}.`,
  };
  const { phase } = signal.reason;
  const longer = optionOf(endpoint, `timeouts.${phase}`);
  return new ModelError(
    'timeout',
    `${words[phase]} Try again, choose a faster model, or set a longer time: ${longer}.`,
  );
}
