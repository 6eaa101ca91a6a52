import { useCallback, useState } from 'react';
import { readStored, writeStored } from '../components/stored.ts';

/** How stack traces are shown; one choice for all events and all chained exceptions, remembered by the browser. */
export type DisplayOptions = {
  view: 'relevant' | 'full' | 'raw';
  order: 'newest' | 'oldest';
  /** Show what the SDK sent before source maps were applied, where there is such a trace. */
  isMinified: boolean;
};

const key = 'stackmend-stack-trace';
const initial: DisplayOptions = { view: 'relevant', order: 'newest', isMinified: false };

/** What was stored, part by part: another version may have written it, or a person. */
export function parseOptions(stored: string | null): DisplayOptions {
  let value: unknown = null;
  try {
    value = JSON.parse(stored ?? 'null');
  } catch {
    // Not ours: as though nothing had been stored.
  }
  if (typeof value !== 'object' || value === null) return initial;
  const { view, order, isMinified }: { view?: unknown; order?: unknown; isMinified?: unknown } = value;
  return {
    view: view === 'full' || view === 'raw' ? view : 'relevant',
    order: order === 'oldest' ? 'oldest' : 'newest',
    isMinified: isMinified === true,
  };
}

export function useDisplayOptions(): [DisplayOptions, (change: Partial<DisplayOptions>) => void] {
  const [options, setOptions] = useState(() => parseOptions(readStored(key)));
  const change = useCallback(
    (part: Partial<DisplayOptions>) => {
      const next = { ...options, ...part };
      setOptions(next);
      writeStored(key, JSON.stringify(next));
    },
    [options],
  );
  return [options, change];
}
