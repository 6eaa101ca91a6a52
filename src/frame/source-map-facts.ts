import type { Frame, SourceMapDebug, SourceMapReason } from '../../server/protocol/contract.ts';
import type { EventTraces } from './event-traces.ts';
import { platformOf } from './frame-details.ts';

export type DebuggedFrame = SourceMapDebug['frames'][number] & { reason: SourceMapReason };
/** Frames of one event with the same reason; `first` has the words, and where the files are. */
export type ReasonGroup = { reason: SourceMapReason; count: number; isMapped: boolean; first: DebuggedFrame };

const scriptEnding = /\.(?:[cm]?[jt]sx?|vue|svelte|jsbundle|bundle)(?:[?#]|$)/i;
/** Nobody writes such a line; minified ones have thousands of characters, of which an SDK may send a part, marked so. */
const longestLine = 300;
const isWritten = (line: string) => line.length <= longestLine && !line.includes('{snip}');

/** Has a script's frame no source, or one that a person would not have written? Only then is the server asked why. */
export function looksUnmapped(frame: Frame, platform: string | null): boolean {
  if (!/^(?:javascript|node)$/.test(platformOf(frame, platform))) return false;
  if (!scriptEnding.test(frame.absPath || frame.filename || '')) return false;
  const line = frame.context.find(([number]) => number === frame.lineNo)?.[1];
  return typeof line === 'string' ? !isWritten(line) && typeof frame.map !== 'string' : true;
}

/** The frame that an answer speaks of: the same object that the page draws. */
export function frameAt(traces: EventTraces, place: SourceMapDebug['frames'][number]): Frame | null {
  const { exceptionIndex, threadIndex, frameIndex } = place;
  const holder =
    typeof exceptionIndex === 'number'
      ? traces.exceptions?.values[exceptionIndex]
      : typeof threadIndex === 'number'
        ? traces.threads?.values[threadIndex]
        : { stacktrace: traces.stacktrace?.value };
  return holder?.stacktrace?.frames[frameIndex] ?? null;
}

const hasReason = (frame: SourceMapDebug['frames'][number]): frame is DebuggedFrame =>
  frame.status !== 'not_needed' && !!frame.reason;

/** Frames that the page has something to say of. */
export const withReason = (debug: SourceMapDebug): DebuggedFrame[] => debug.frames.filter(hasReason);

/** The reasons of an event, the most frequent first. */
export function groupByReason(frames: readonly DebuggedFrame[]): ReasonGroup[] {
  const groups = new Map<SourceMapReason, ReasonGroup>();
  for (const frame of frames) {
    const { reason, status } = frame;
    const known = groups.get(reason);
    if (known) known.count++;
    else groups.set(reason, { reason, count: 1, isMapped: status === 'mapped', first: frame });
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}

/** "their files have no debug id", of one frame and of several. */
const because: Record<SourceMapReason, [one: string, several: string]> = {
  no_artifacts: ['this project has no uploaded source maps', 'this project has no uploaded source maps'],
  no_debug_id: ['its file has no debug id', 'their files have no debug id'],
  debug_id_unknown: ['nothing was uploaded with its debug id', 'nothing was uploaded with their debug ids'],
  uploaded_after_event: ['its map was uploaded after the event', 'their maps were uploaded after the event'],
  release_differs: ['its map was uploaded for another release', 'their maps were uploaded for another release'],
  dist_differs: ['its map was uploaded for another dist', 'their maps were uploaded for another dist'],
  file_not_found: ['the uploads of the release lack its file', 'the uploads of the release lack their files'],
  no_source_map: ['its file was uploaded without a map', 'their files were uploaded without maps'],
  source_map_not_found: [
    'the map that its file names was not uploaded',
    'the maps that their files name were not uploaded',
  ],
  source_map_unreadable: ['its map cannot be read', 'their maps cannot be read'],
  source_map_too_large: ['its map is too large', 'their maps are too large'],
  no_position: ['it has no line or no column', 'they have no line or no column'],
  no_mapping: ['its map has nothing for this position', 'their maps have nothing for these positions'],
  source_not_included: ['its map lacks the source text', 'their maps lack the source text'],
  symbolicator_failed: ['mapping it took too long or too much memory', 'mapping them took too long or too much memory'],
};

/** "its file has no debug id" */
export const wordsOf = (reason: SourceMapReason, count = 1): string => because[reason][count === 1 ? 0 : 1];

const frames = (count: number) => `${count} ${count === 1 ? 'frame' : 'frames'}`;

/** "12 frames are not mapped: their files have no debug id" */
export function groupWords({ reason, count, isMapped }: ReasonGroup): string {
  const verb = count === 1 ? 'is' : 'are';
  return `${frames(count)} ${verb} ${isMapped ? 'mapped without source' : 'not mapped'}: ${wordsOf(reason, count)}`;
}

/** What is wrong with all of them, in one line: "3 frames are not mapped, for 2 reasons; 1 is mapped without source". */
export function summaryOf(groups: readonly ReasonGroup[]): string {
  const [first] = groups;
  if (!first) return '';
  const unmapped = groups.filter(({ isMapped }) => !isMapped);
  const [only] = unmapped;
  if (!only) return groupWords(first);
  const count = sum(unmapped);
  const sourceless = sum(groups.filter(({ isMapped }) => isMapped));
  const words =
    unmapped.length === 1 ? groupWords(only) : `${frames(count)} are not mapped, for ${unmapped.length} reasons`;
  return sourceless > 0 ? `${words}; ${sourceless} ${sourceless === 1 ? 'is' : 'are'} mapped without source` : words;
}

const sum = (groups: readonly ReasonGroup[]) => groups.reduce((all, { count }) => all + count, 0);
