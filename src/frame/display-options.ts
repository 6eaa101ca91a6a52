import { useCallback, useState } from 'react';
import { readStored, writeStored } from '../components/stored.ts';

/** How stack traces are shown; one choice for all events of a project and all chained exceptions, remembered by the browser. */
export type DisplayOptions = {
  view: 'relevant' | 'full' | 'raw';
  order: 'newest' | 'oldest';
  /** Show what the SDK sent before source maps or symbols were applied, where there is such a trace. */
  isMinified: boolean;
  /** Of native frames: the address in memory, not the one within its image. */
  hasAbsoluteAddresses: boolean;
  hasAbsolutePaths: boolean;
  /** The function's whole signature, where the SDK sent one beside its name. */
  hasVerboseNames: boolean;
};

const keyOf = (project: string) => `stackmend-stack-trace-${project}`;

/** What was stored, part by part: another version may have written it, or a person. */
export function parseOptions(stored: string | null): DisplayOptions {
  let value: unknown = null;
  try {
    value = JSON.parse(stored ?? 'null');
  } catch {
    // Not ours: as though nothing had been stored.
  }
  const parts: { [name in keyof DisplayOptions]?: unknown } = typeof value === 'object' && value !== null ? value : {};
  return {
    view: parts.view === 'full' || parts.view === 'raw' ? parts.view : 'relevant',
    order: parts.order === 'oldest' ? 'oldest' : 'newest',
    isMinified: parts.isMinified === true,
    hasAbsoluteAddresses: parts.hasAbsoluteAddresses === true,
    hasAbsolutePaths: parts.hasAbsolutePaths === true,
    hasVerboseNames: parts.hasVerboseNames === true,
  };
}

/** @param project slug */
export function useDisplayOptions(project: string): [DisplayOptions, (change: Partial<DisplayOptions>) => void] {
  const key = keyOf(project);
  const [options, setOptions] = useState(() => parseOptions(readStored(key)));
  const change = useCallback(
    (part: Partial<DisplayOptions>) => {
      const next = { ...options, ...part };
      setOptions(next);
      writeStored(key, JSON.stringify(next));
    },
    [options, key],
  );
  return [options, change];
}
