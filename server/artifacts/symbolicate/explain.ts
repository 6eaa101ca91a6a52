/** What became of every JavaScript frame of an event, and why: from what is uploaded now, each time that somebody looks. */
import type { SourceMapDebug, SourceMapReason } from '../../protocol/contract.ts';
import type { StoredEvent, StoredFrame } from '../../protocol/event.ts';
import type { ArtifactPlace } from '../../storage/artifact-lookup.ts';
import type { ArtifactStore } from '../../storage/artifacts.ts';
import type { FrameAnswer, Symbolicate, UnmappedFrame } from './answer.ts';
import { type ReasonFacts, wordsFor } from './reason-words.ts';
import { uploadedAs } from './source-url.ts';
import {
  debugIdsOf,
  generatedUrlOf,
  isGlue,
  isJavaScript,
  isMapped,
  requestOf,
  type Stack,
  stacksOf,
} from './stacks.ts';

type Deps = {
  artifacts: Pick<ArtifactStore, 'uploads' | 'nearestFor' | 'namesakes'>;
  symbolicate: Symbolicate;
  /** The line of a frame as the checkout has it, which is shown where no other source is; null: it has none. */
  lineOf: (event: StoredEvent, frame: StoredFrame) => Promise<string | null>;
};
type DebugFrame = SourceMapDebug['frames'][number];
type Described = Pick<
  DebugFrame,
  'status' | 'reason' | 'detail' | 'nextStep' | 'url' | 'debugId' | 'mapUrl' | 'nearest'
>;
/** One frame as it is shown, as it came, and what maps say of it now. */
type Case = {
  place: Pick<DebugFrame, 'exceptionIndex' | 'threadIndex' | 'frameIndex'>;
  shown: StoredFrame;
  raw: StoredFrame;
  answer: FrameAnswer | null;
};

export type Explain = (event: StoredEvent) => Promise<SourceMapDebug>;

export function createExplain({ artifacts, symbolicate, lineOf }: Deps): Explain {
  /** When the symbolicator itself fails, that is the answer for each frame. */
  async function ask(event: StoredEvent, stacks: readonly Stack[]): Promise<(FrameAnswer | null)[][]> {
    const request = requestOf(
      event,
      stacks.map(({ shown, raw }) => raw ?? shown),
    );
    try {
      return (await symbolicate(request)).stacks;
    } catch (error) {
      const detail = error instanceof Error ? error.message : null;
      const failed: UnmappedFrame = { status: 'unmapped', reason: 'symbolicator_failed', detail, mapUrl: null };
      return request.stacks.map((frames) => frames.map(({ url }) => (url === null ? null : failed)));
    }
  }

  return async (event) => {
    const stacks = stacksOf(event);
    const cases = stacks.some((stack) => isOpen(stack, event.platform))
      ? casesOf(event, stacks, await ask(event, stacks))
      : casesOf(event, stacks, []);
    const mappedFiles = new Set(
      cases.flatMap(({ raw, answer }) =>
        answer?.status === 'mapped' ? (generatedUrlOf(raw, event.platform) ?? []) : [],
      ),
    );
    const describe = createDescribe(event, { artifacts, lineOf }, mappedFiles);
    const frames: DebugFrame[] = [];
    for (const each of cases) frames.push({ ...each.place, ...(await describe(each)) });
    return { frames, canSymbolicateAgain: cases.some(canBeBetter) };
  };
}

/** Is there a frame of which maps could say more? */
function isOpen({ shown, raw }: Stack, platform: string): boolean {
  const frames = shown.frames ?? [];
  const isUnmapped = frames.some((frame) => !isMapped(frame) && generatedUrlOf(frame, platform) !== null);
  return isUnmapped || (raw !== null && frames.some((frame) => isMapped(frame) && !frame.context_line));
}

function casesOf(event: StoredEvent, stacks: readonly Stack[], answers: (FrameAnswer | null)[][]): Case[] {
  return stacks.flatMap(({ exceptionIndex, threadIndex, shown, raw }, at) =>
    (shown.frames ?? []).flatMap((frame, frameIndex) => {
      if (!isJavaScript(frame, event.platform)) return [];
      // Mapped by somebody who left frames out: which was which is not known.
      const isPaired = !raw || raw.frames?.length === shown.frames?.length;
      return {
        place: { exceptionIndex, threadIndex, frameIndex },
        shown: frame,
        raw: (isPaired && raw?.frames?.[frameIndex]) || frame,
        answer: (isPaired && answers[at]?.[frameIndex]) || null,
      };
    }),
  );
}

function canBeBetter({ shown, answer }: Case): boolean {
  if (answer?.status !== 'mapped') return false;
  return !isMapped(shown) || (!shown.context_line && answer.context !== null);
}

/** Longest line that somebody would have written. */
const MAX_WRITTEN_LINE = 300;
/** Reasons that say no more than that nobody meant the file to have a map. */
const UNINTENDED: ReadonlySet<SourceMapReason> = new Set([
  'no_artifacts',
  'no_debug_id',
  'file_not_found',
  'release_differs',
  'dist_differs',
  'no_source_map',
]);
/** Scripts in a page have no file of their own. */
const IN_PAGE =
  /^[a-z][a-z0-9+.-]*:\/\/[^?#]*(?:\/|\.(?:x?html?|php|aspx?|jsp))(?:[?#]|$)|^[a-z][a-z0-9+.-]*:\/\/[^/]*$/i;

function isWritten(line: string | null | undefined): boolean {
  return typeof line === 'string' && line.length <= MAX_WRITTEN_LINE && !line.includes('{snip}');
}

/** Lines that are looked for in checkouts, for one event: a recursion has few, and a stranger may send any number. */
const MAX_LINES = 200;
const IN_CHECKOUT = 'The lines that are shown are the source itself, from the checkout.';

function createDescribe(
  event: StoredEvent,
  { artifacts, lineOf }: Pick<Deps, 'artifacts' | 'lineOf'>,
  mappedFiles: ReadonlySet<string>,
) {
  const { release = null, dist = null } = event;
  const projectId = Number(event.project);
  const debugIds = new Map(debugIdsOf(event));
  const nearestOf = remembered((url: string) => {
    const debugId = debugIds.get(url);
    const urls = uploadedAs(url);
    const all = { urls: [...urls, ...urls.map((form) => `${form}.map`)], debugIds: debugId ? [debugId] : [], release };
    return artifacts.nearestFor(projectId, all);
  });
  const namesakesOf = remembered((url: string) => {
    const [own = ''] = uploadedAs(url).slice(-1);
    return artifacts.namesakes(projectId, release ?? '', own.slice(own.lastIndexOf('/') + 1));
  });
  const uploads = remembered((of: string) => artifacts.uploads(projectId, of === '' ? undefined : of));
  const hasUploads = async (of?: string | null) => (await uploads(of ?? '')).bundles > 0;

  let linesLeft = MAX_LINES;
  const checkoutLines = new Map<string, Promise<string | null>>();
  /** Is the source itself shown, from the checkout? */
  async function isInCheckout(frame: StoredFrame): Promise<boolean> {
    const { abs_path: path, filename, lineno, in_app: inApp } = frame;
    if (inApp === false) return false;
    const key = JSON.stringify([path, filename, lineno]);
    const known = checkoutLines.get(key);
    if (!known) linesLeft -= 1;
    const line = known ?? (linesLeft < 0 ? Promise.resolve(null) : lineOf(event, frame));
    checkoutLines.set(key, line);
    return isWritten(await line);
  }

  /** What leads nowhere, said as nearly as is known. */
  async function whyNotFound(
    reason: SourceMapReason,
    debugId: string | null,
    nearest: ArtifactPlace[],
  ): Promise<SourceMapReason> {
    if (!(await hasUploads())) return 'no_artifacts';
    if (debugId || reason === 'dist_differs') return reason;
    // By debug id alone: what was deployed is the build of before the injection.
    if (nearest.length > 0 && nearest.every((place) => place.release === null)) return 'no_debug_id';
    if (release && nearest.some((place) => place.release === release)) return 'dist_differs';
    // That another release has it helps nobody whose own was uploaded, under another address.
    if (release && (await hasUploads(release))) return 'file_not_found';
    return nearest.length > 0 ? 'release_differs' : 'no_debug_id';
  }

  return async ({ shown, raw, answer }: Case): Promise<Described> => {
    const url = generatedUrlOf(raw, event.platform);
    const debugId = (url && debugIds.get(url)) || null;
    const mapUrl = answer?.mapUrl ?? textOf(shown.data?.['sourcemap']);
    const facts = {
      url: url ?? shown.abs_path ?? shown.filename ?? '',
      debugId,
      mapUrl,
      release,
      dist,
      nearest: undefined,
      namesakes: [],
      particular: null,
    };
    const about = { url: facts.url || null, debugId, mapUrl };
    if (isMapped(shown)) {
      if (shown.context_line) return { status: 'mapped', ...about };
      if (await isInCheckout(shown)) return { status: 'mapped', ...about, detail: IN_CHECKOUT };
      return { status: 'mapped', ...about, ...said('source_not_included', facts) };
    }
    if (url === null || !answer) return { status: 'not_needed', ...about };
    if (answer.status === 'mapped')
      return {
        status: 'unmapped',
        ...about,
        ...said(whyNotThen(event, answer.uploaded), { ...facts, particular: failureOf(event) }),
      };
    if (isGlue(raw, answer, mappedFiles)) {
      return { status: 'not_needed', ...about, detail: wordsFor('no_mapping', facts).detail };
    }
    const isUnknown = UNINTENDED.has(answer.reason) || answer.reason === 'debug_id_unknown';
    const nearest = isUnknown ? await nearestOf(url) : [];
    const reason =
      isUnknown && answer.reason !== 'no_source_map'
        ? await whyNotFound(answer.reason, debugId, nearest)
        : answer.reason;
    if (!debugId && UNINTENDED.has(reason)) {
      if (isWritten(raw.context_line) || IN_PAGE.test(url)) return { status: 'not_needed', ...about };
      if (!raw.context_line && (await isInCheckout(raw)))
        return { status: 'not_needed', ...about, detail: IN_CHECKOUT };
    }
    const namesakes = reason === 'file_not_found' && release ? await namesakesOf(url) : [];
    return {
      status: 'unmapped',
      ...about,
      ...said(reason, { ...facts, nearest: nearest[0], namesakes, particular: answer.detail }),
      nearest: nearest.map((place) => ({ ...place, dateCreated: new Date(place.dateCreated).toISOString() })),
    };
  };
}

function said(reason: SourceMapReason, facts: ReasonFacts) {
  return { reason, ...wordsFor(reason, facts) };
}

/** Of a frame that can be mapped now. */
function whyNotThen(event: StoredEvent, uploaded: number): SourceMapReason {
  return uploaded > event.received * 1000 ? 'uploaded_after_event' : 'symbolicator_failed';
}

function failureOf({ errors }: StoredEvent): string | null {
  return errors?.find(({ type }) => type === 'symbolicator_failed')?.reason ?? null;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function remembered<T>(find: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (key) => {
    const found = known.get(key) ?? find(key);
    known.set(key, found);
    return found;
  };
}
