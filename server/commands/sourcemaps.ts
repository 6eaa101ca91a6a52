import type { ApiClient } from '../api/api-client.ts';
import { eventIdSchema, type SourceMapDebug, type Symbolicated } from '../protocol/contract.ts';
import { sourceMapDebugSchema, symbolicatedEventsSchema, symbolicatedSchema } from '../protocol/contract-source.ts';
import { toEventId } from '../protocol/event-id.ts';
import { CommandError, ORGANIZATION, parseAnswer, type Register } from './context.ts';
import { onProject, projectPath } from './projects.ts';
import { addRemoteOptions, type RemoteOptions } from './remote.ts';

type ExplainOptions = RemoteOptions & { json?: boolean };
type SymbolicateOptions = RemoteOptions & { release?: string; project?: string; json?: boolean };

export const register: Register = (program, context) => {
  const sourcemaps = program
    .command('sourcemaps')
    .description('source maps: why frames are not mapped; map them again');

  const explain = sourcemaps
    .command('explain')
    .description('say of each JavaScript frame of an event whether it is mapped, else why not and what to do')
    .argument('<event id>', '32 hex digits, as the page shows them')
    .option('--json', 'print it as JSON');
  addRemoteOptions(explain).action(async (eventId: string, options: ExplainOptions) => {
    const api = await context.api(options);
    const path = await eventPath(api, eventId);
    const debug = parseAnswer(sourceMapDebugSchema, await api.get(`${path}source-map-debug/`));
    if (options.json) return context.printJson(debug);
    for (const line of explained(debug)) context.print(line);
  });

  const symbolicate = sourcemaps
    .command('symbolicate')
    .description('map the frames of stored events with what is uploaded by now')
    .argument('[event id]', 'one event; else --release and --project say which')
    .option('--release <version>', 'all events of this release')
    .option('--project <slug>', 'project of the release')
    .option('--json', 'print the counts as JSON');
  addRemoteOptions(symbolicate).action(async (eventId: string | undefined, options: SymbolicateOptions) => {
    const { release, project, json } = options;
    if (eventId ? release || project : !(release && project)) {
      throw new CommandError('Say which events: an event id, or --release <version> with --project <slug>.');
    }
    const api = await context.api(options);
    const counts = eventId ? await ofEvent(api, eventId) : await ofRelease(api, project ?? '', release ?? '');
    if (json) return context.printJson(counts);
    context.print(`${counts.events} ${counts.events === 1 ? 'event' : 'events'}: ${inWords(counts)}`);
  });
};

type Counts = Symbolicated & { events: number };

async function ofEvent(api: ApiClient, eventId: string): Promise<Counts> {
  const path = await eventPath(api, eventId);
  return { events: 1, ...parseAnswer(symbolicatedSchema, await api.post(`${path}symbolicate/`)) };
}

/** Some events at a time: each may take a while. */
async function ofRelease(api: ApiClient, project: string, release: string): Promise<Counts> {
  const total = { events: 0, frames: 0, mapped: 0, mappedBefore: 0 };
  for (let cursor: string | null = null; ; ) {
    const asked = api.post(projectPath(project, 'symbolicate/'), { data: { release, cursor } });
    const answer = parseAnswer(symbolicatedEventsSchema, await onProject(api, project, asked));
    total.events += answer.events;
    total.frames += answer.frames;
    total.mapped += answer.mapped;
    total.mappedBefore += answer.mappedBefore;
    if (answer.next === null) return total;
    cursor = answer.next;
  }
}

function inWords({ frames, mapped, mappedBefore }: Counts): string {
  const before = mapped === mappedBefore ? 'as before' : `${mappedBefore} before`;
  return `${mapped} of ${frames} ${frames === 1 ? 'frame' : 'frames'} mapped (${before}).`;
}

/** An event's id names its project, too, for who may see it. */
export async function eventPath(api: ApiClient, text: string): Promise<string> {
  const eventId = toEventId(text);
  if (!eventId) throw new CommandError(`${printable(text)} is no event id: it has 32 hex digits.`);
  const found = parseAnswer(eventIdSchema, await api.get(`/organizations/${ORGANIZATION}/eventids/${eventId}/`));
  if (typeof found['projectSlug'] !== 'string') throw new CommandError(`There is no event ${eventId}.`);
  return projectPath(found['projectSlug'], `events/${eventId}/`);
}

function* explained({ frames, canSymbolicateAgain }: SourceMapDebug): Generator<string> {
  if (frames.length === 0) yield 'The event has no JavaScript frames.';
  for (const frame of frames) {
    yield `${placeOf(frame)}: ${STATUS[frame.status]}${frame.reason ? ` (${frame.reason})` : ''}`;
    if (frame.detail) yield `    ${printable(frame.detail)}`;
    if (frame.nextStep) yield `    ${printable(frame.nextStep)}`;
    const nearest = frame.nearest ?? [];
    if (nearest.length > 0) yield `    Uploaded ${nearest.map(nearestInWords).join('; ')}.`;
  }
  if (canSymbolicateAgain) yield 'What is uploaded now maps more of them: stackmend sourcemaps symbolicate <event id>';
}

type Place = Pick<SourceMapDebug['frames'][number], 'exceptionIndex' | 'threadIndex' | 'frameIndex'> & {
  url?: string | null;
};

const STATUS = { mapped: 'mapped', unmapped: 'not mapped', not_needed: 'needs no map' };

/** Which frame it is, for people: counted from one, the oldest first. */
export function placeOf({ exceptionIndex, threadIndex, frameIndex, url }: Place): string {
  const holder =
    typeof exceptionIndex === 'number'
      ? `exception ${exceptionIndex + 1}, `
      : typeof threadIndex === 'number'
        ? `thread ${threadIndex + 1}, `
        : '';
  return `${holder}frame ${frameIndex + 1}${url ? ` in ${printable(url)}` : ''}`;
}

type Nearest = NonNullable<SourceMapDebug['frames'][number]['nearest']>[number];

function nearestInWords({ release, dist, dateCreated }: Nearest): string {
  const of = release
    ? `for release ${printable(release)}${dist ? `, dist ${printable(dist)}` : ''}`
    : 'without a release';
  return dateCreated ? `${of} at ${dateCreated}` : of;
}

/** An event wrote it, and a terminal obeys control characters. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, ' ').slice(0, 1000);
}
