import type { StoredEvent, StoredFrame } from '../protocol/event.ts';
import type { Source } from './source.ts';

/** The line that a frame of an event names, as the checkout has it at the event's commit; null where it has none to show. */
export function createLineOf({ fileOf, linesOf }: Pick<Source, 'fileOf' | 'linesOf'>) {
  return async (event: StoredEvent, frame: StoredFrame): Promise<string | null> => {
    const { filename, abs_path: absPath, module, lineno } = frame;
    if (!lineno) return null;
    const platform = frame.platform || event.platform;
    const about = { projectId: Number(event.project), release: event.release ?? null };
    const file = await fileOf({ ...about, filename, absPath, module, platform });
    if (file.reason !== null) return null;
    const lines = await linesOf(file, lineno, { around: 0 });
    return lines.reason === null ? (lines.context[0]?.[1] ?? null) : null;
  };
}
