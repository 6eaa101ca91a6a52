import type { Frame, Stacktrace } from '../../server/protocol/contract.ts';
import type { DisplayOptions } from './display-options.ts';
import { isNativePlatform } from './native-address.ts';

/** A switch of how frames are shown. `whyNot` says why it would change nothing here; null where it would. */
export type DisplayChoice = {
  name: 'isMinified' | 'hasAbsoluteAddresses' | 'hasAbsolutePaths' | 'hasVerboseNames';
  label: string;
  whyNot: string | null;
};

type Facts = {
  platform: string | null;
  view: DisplayOptions['view'];
  stacktraces: readonly Stacktrace[];
  /** Did a stack trace come as it was before source maps or symbols were applied? */
  hasRaw: boolean;
};

/** The switches that a platform has (sentry-behaviour 7.14); absolute paths help everywhere, so every platform has those. */
export function displayChoices({ platform, view, stacktraces, hasRaw }: Facts): DisplayChoice[] {
  const has = (test: (frame: Frame) => unknown) => stacktraces.some(({ frames }) => frames.some(test));
  const isNative = isNativePlatform(platform) || has((frame) => isNativePlatform(frame.platform));
  const isScript = platform === 'javascript' || platform === 'node';
  const raw = (word: string) => (hasRaw ? null : `No ${word} version came with this event.`);
  /** Text in the language's own format has its own idea of paths and names. */
  const framed = (whyNot: string | null) => (view === 'raw' ? 'Not in the raw view.' : whyNot);
  const choices: (DisplayChoice | false)[] = [
    isScript && { name: 'isMinified', label: 'Minified', whyNot: raw('minified') },
    !isScript &&
      platform !== 'python' && { name: 'isMinified', label: 'Unsymbolicated', whyNot: raw('unsymbolicated') },
    isNative && {
      name: 'hasAbsoluteAddresses',
      label: 'Absolute addresses',
      whyNot: framed(has((frame) => frame.instructionAddr) ? null : 'No frame has an address.'),
    },
    {
      name: 'hasAbsolutePaths',
      label: 'Absolute file paths',
      whyNot: framed(has(hasLongerPath) ? null : 'No frame has another path than the one shown.'),
    },
    isNative && {
      name: 'hasVerboseNames',
      label: 'Verbose function names',
      whyNot: framed(has(hasVerboseName) ? null : 'No frame has a longer name than the one shown.'),
    },
  ];
  return choices.filter((choice) => choice !== false);
}

const hasLongerPath = ({ absPath, filename }: Frame) => !!absPath && absPath !== filename;
const hasVerboseName = ({ rawFunction, function: name }: Frame) => !!rawFunction && rawFunction !== name;
