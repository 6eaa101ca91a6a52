import { useEffect, useState } from 'react';

/** Unix milliseconds, renewed twice a second while `isRunning`: for a wait that is counted before the reader's eyes. */
export function useSeconds(isRunning: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isRunning) return;
    const tick = () => setNow(Date.now());
    tick();
    const timer = setInterval(tick, 500);
    return () => clearInterval(timer);
  }, [isRunning]);
  return now;
}

/** Whole seconds as `7 s` or `2 min 5 s`. */
export function formatSeconds(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** A wait that is over: `2.1 s`, from ten seconds on as `formatSeconds`. */
export function formatDuration(milliseconds: number): string {
  return milliseconds < 10_000 ? `${(milliseconds / 1000).toFixed(1)} s` : formatSeconds(milliseconds);
}
