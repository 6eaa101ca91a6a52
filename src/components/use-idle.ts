import { useEffect, useState } from 'react';

/** Turns true once the page has drawn what matters and has a moment: for what is fetched ahead or looked at second. */
export function useIdle(): boolean {
  const [isIdle, setIdle] = useState(false);
  useEffect(() => whenIdle(() => setIdle(true)), []);
  return isIdle;
}

/** Runs it in a quiet moment, after two seconds at the latest. @returns takes it back */
export function whenIdle(run: () => void): () => void {
  // Not in every browser yet.
  if (typeof window.requestIdleCallback !== 'function') {
    const timer = setTimeout(run, 100);
    return () => clearTimeout(timer);
  }
  const handle = window.requestIdleCallback(run, { timeout: 2000 });
  return () => window.cancelIdleCallback(handle);
}
