import { ModelError } from './suggest-error.ts';

/** Milliseconds: of silence before the first word, of silence after it, and of the whole answer. */
export type Patience = { firstMs: number; betweenMs: number; totalMs: number };

export type Watch = {
  /** Aborted by the caller, or when patience ends. */
  signal: AbortSignal;
  /** Anything came, a sign of life included. */
  heard: () => void;
  /** Text came. */
  wrote: () => void;
  end: () => void;
};

class OutOfPatience extends Error {
  override name = 'OutOfPatience';
}

/** Ends a call that has gone silent, or that the caller has left. */
export function createWatch({ firstMs, betweenMs, totalMs }: Patience, caller: AbortSignal): Watch {
  const controller = new AbortController();
  const leave = () => controller.abort(caller.reason);
  caller.addEventListener('abort', leave, { once: true });
  const giveUp = () => controller.abort(new OutOfPatience());
  const total = setTimeout(giveUp, totalMs);
  let silenceMs = firstMs;
  let silence = setTimeout(giveUp, silenceMs);
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(giveUp, silenceMs);
  };
  return {
    signal: controller.signal,
    heard,
    wrote: () => {
      silenceMs = betweenMs;
      heard();
    },
    end: () => {
      clearTimeout(silence);
      clearTimeout(total);
      caller.removeEventListener('abort', leave);
      controller.abort();
    },
  };
}

/** @returns what to throw for a call that the watch ended: the caller's own reason, or a timeout */
export function abortedBy(signal: AbortSignal, host: string): unknown {
  if (!(signal.reason instanceof OutOfPatience)) return signal.reason;
  return new ModelError('timeout', `${host} took too long to answer. Try again, or choose a faster model.`);
}
