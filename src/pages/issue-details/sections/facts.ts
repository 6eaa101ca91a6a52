import { type Event, requestSchema } from '../../../../server/protocol/contract.ts';
import { entryOf } from '../event-entries.ts';
import { exceptionHeads } from './exception-heads.ts';

type Tag = Event['tags'][number];
/** One of the few things that explain most of an event. */
export type Fact = {
  label: string;
  /** Short, for reading. */
  text: string;
  /** Whole, for copying and the title. */
  whole: string;
  /** The tag that says it, by which other events with it are found; null where there is none. */
  tag: Tag | null;
  isBad?: boolean;
};

const textAt = (value: unknown, key: string): string | null => {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return null;
  const found: unknown = Reflect.get(value, key);
  return typeof found === 'string' && found.trim() !== '' ? found.trim() : null;
};

const clip = (text: string, length = 60) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

const tagOf = (event: Event, key: string): Tag | undefined => event.tags.find((tag) => tag.key === key && tag.value);

/** A fact that is a tag is searched by it; what there is no tag of can be copied. */
function tagFact(event: Event, label: string, key: string, text?: string | null): Fact | null {
  const tag = tagOf(event, key);
  if (!tag) return null;
  return { label, text: clip(text ?? tag.value), whole: tag.value, tag };
}

const plain = (label: string, text: string | null): Fact | null =>
  text === null ? null : { label, text: clip(text), whole: text, tag: null };

function handled(event: Event): Fact | null {
  const said = exceptionHeads(event).findLast(({ mechanism }) => typeof mechanism?.handled === 'boolean')?.mechanism
    ?.handled;
  const tag = tagOf(event, 'handled');
  const isHandled = said ?? (tag?.value === 'yes' ? true : tag?.value === 'no' ? false : null);
  if (isHandled === null) return null;
  const text = isHandled ? 'yes' : 'no';
  return { label: 'Handled', text, whole: text, tag: tag?.value === text ? tag : null, isBad: !isHandled };
}

function release(event: Event): Fact | null {
  const short = textAt(event.release, 'shortVersion');
  return tagFact(event, 'Release', 'release', short) ?? plain('Release', textAt(event.release, 'version'));
}

/** Name and version of what the event ran in: `Firefox 140.0`. */
function software(event: Event, label: string, name: string): Fact | null {
  const context: unknown = Object.hasOwn(event.contexts, name) ? event.contexts[name] : null;
  const text = [textAt(context, 'name'), textAt(context, 'version')].filter(Boolean).join(' ');
  return (
    tagFact(event, label, name) ?? tagFact(event, label, `${name}.name`, text || null) ?? plain(label, text || null)
  );
}

function device(event: Event): Fact | null {
  const context = event.contexts['device'];
  const model = textAt(context, 'model') ?? textAt(context, 'name') ?? textAt(context, 'family');
  return tagFact(event, 'Device', 'device') ?? plain('Device', model);
}

function user(event: Event): Fact | null {
  const { user } = event;
  const name = ['email', 'username', 'name', 'id', 'ip_address'].map((key) => textAt(user, key)).find((text) => text);
  return tagFact(event, 'User', 'user', name) ?? plain('User', name ?? null);
}

function place(event: Event): Fact | null {
  const request = entryOf(event, 'request', requestSchema)?.data;
  const address = request?.url ? [request.method, request.url].filter(Boolean).join(' ') : null;
  return tagFact(event, 'Transaction', 'transaction') ?? tagFact(event, 'URL', 'url', address) ?? plain('URL', address);
}

/** The few facts that explain most, of those that the event has, in the order in which they are asked for. */
export function factsOf(event: Event): Fact[] {
  const trace = textAt(event.contexts['trace'], 'trace_id');
  return [
    handled(event),
    release(event),
    tagFact(event, 'Environment', 'environment'),
    place(event),
    user(event),
    software(event, 'Browser', 'browser'),
    software(event, 'System', 'client_os') ?? software(event, 'System', 'os'),
    software(event, 'Runtime', 'runtime'),
    device(event),
    tagFact(event, 'Server', 'server_name'),
    trace === null ? null : { label: 'Trace', text: trace.slice(0, 8), whole: trace, tag: null },
  ].filter((fact): fact is Fact => fact !== null);
}
