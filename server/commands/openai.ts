import { pipeline } from 'node:stream/promises';
import { envelopesOf } from '../api/import.ts';
import { parseEnvelope } from '../protocol/envelope.ts';
import type { Json, StoredEvent } from '../protocol/event.ts';
import { toEventId } from '../protocol/event-id.ts';
import { type CommandContext, CommandError, isExpected, type Register } from './context.ts';
import { readInput } from './files.ts';

/** What the command needs of the services. */
export type OpenAiCommandServices = {
  suggester: {
    /** The described event, redacted, as it would be sent to this endpoint or, without a name, to the project's. */
    describe: (event: Describable, endpoint?: string) => Promise<Json>;
    /** Yields the answer in pieces; `model` instead of the endpoint's. */
    askAtTerminal: (event: Describable, choice: Choice, signal: AbortSignal) => AsyncIterable<string>;
  };
  /** A stored event of any project; the id is 32 lower-case hex digits. */
  findEvent: (eventId: string) => Promise<Describable | null>;
  /** Normalizes, scrubs and completes an SDK's payload as digest would, and stores nothing. */
  prepareEvent: (payload: Json) => StoredEvent;
};

type Describable = { event: StoredEvent; projectId: number | null; issueId: number | null };
type Choice = { endpoint?: string | undefined; model?: string | undefined };
type Options = Choice & { event?: string; dumpPrompt?: boolean };
type Context = CommandContext<OpenAiCommandServices>;

export const register: Register<OpenAiCommandServices> = (program, context) => {
  program
    .command('openai')
    .description('suggest a fix for one event, or show what the model would be given')
    .option('--event <event>', 'file with the event, - for standard input, or the id of a stored event')
    .option('--endpoint <name>', "one of ai.endpoints, instead of the project's or the first")
    .option('--model <model>', 'instead of the one that is set for the endpoint')
    .option('--dump-prompt', 'print the event as the model would be given it; asks no model, needs no key')
    .action(async ({ event: source, dumpPrompt, endpoint, model }: Options) => {
      const services = await context.configure();
      if (!source) throw new CommandError('Which event? Give --event <file>, --event - or --event <event id>.');
      const event = await loadEvent(source, services, context);
      if (dumpPrompt) return context.printJson(await services.suggester.describe(event, endpoint));
      const interrupted = new AbortController();
      const interrupt = () => interrupted.abort(new CommandError('Stopped.'));
      process.once('SIGINT', interrupt);
      const answer = services.suggester.askAtTerminal(event, { endpoint, model }, interrupted.signal);
      await printPieces(answer).finally(() => process.off('SIGINT', interrupt));
    });
};

/** Whoever reads the output may leave, as `| head` does: then the call to the model ends, and nothing is wrong. */
async function printPieces(pieces: AsyncIterable<string>): Promise<void> {
  try {
    await pipeline(withLineEnd(pieces), process.stdout, { end: false });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error;
  }
}

/** Pieces as they come, then one line end, also where the answer breaks off. */
async function* withLineEnd(pieces: AsyncIterable<string>): AsyncGenerator<string, void> {
  let hasBegun = false;
  try {
    for await (const piece of pieces) {
      hasBegun = true;
      yield withoutControls(piece);
    }
  } catch (error) {
    if (hasBegun) yield '\n';
    throw error;
  }
  yield '\n';
}

/** A model that repeats an event must not steer the terminal: of the control characters only tab and line end pass. */
const withoutControls = (text: string): string => text.replace(/(?![\t\n])\p{Cc}/gu, '');

async function loadEvent(source: string, services: OpenAiCommandServices, context: Context): Promise<Describable> {
  const eventId = toEventId(source);
  if (eventId) {
    const stored = await services.findEvent(eventId);
    if (stored) return stored;
    throw new CommandError(`There is no stored event ${source}.`);
  }
  try {
    const event = services.prepareEvent(payloadOf(await readInput(context.readFile, source)));
    return { event, projectId: null, issueId: null };
  } catch (error) {
    if (!isExpected(error)) throw error;
    // One line: a parser's words may quote the text, with its line ends.
    const reason = error.message.replace(/\s+/g, ' ');
    throw new CommandError(`${source === '-' ? 'Standard input' : source}: ${reason}`, { cause: error });
  }
}

/** An SDK's payload, an envelope, or an event as Sentry's API answers it. */
function payloadOf(bytes: Uint8Array): Json {
  const { envelopes } = envelopesOf(bytes);
  const [envelope] = envelopes;
  if (!envelope || envelopes.length > 1) throw new CommandError(`it holds ${envelopes.length} events; give one`);
  const item = parseEnvelope(envelope).items.find(({ headers }) => headers.type === 'event');
  if (!item) throw new CommandError('it holds no event');
  try {
    return JSON.parse(new TextDecoder().decode(item.payload));
  } catch (cause) {
    throw new CommandError(`its event is not JSON: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}
