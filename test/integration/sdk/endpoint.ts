/** A Sentry, as far as an SDK sees one: takes envelopes and keeps them. */
import { createServer, type IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { type Envelope, type EnvelopeItem, parseEnvelope } from '../../../server/protocol/envelope.ts';

/** How it answers: with a status, or not at all. */
type Answer = number | 'never';

export type SentEvent = {
  exception?: { values: { type?: string; value?: string; stacktrace?: { frames: Record<string, unknown>[] } }[] };
  tags?: Record<string, string>;
} & Record<string, unknown>;

export type Endpoint = Awaited<ReturnType<typeof startEndpoint>>;

/** @param projectId of its DSN */
export async function startEndpoint(projectId: number) {
  const publicKey = `${projectId}`.padStart(32, 'a');
  const envelopes: Envelope[] = [];
  const texts: string[] = [];
  let requests = 0;
  let answer: Answer = 200;
  const server = createServer(async (req, res) => {
    requests += 1;
    const body = await bodyOf(req);
    if (answer === 'never') return;
    if (answer === 200 && req.url?.startsWith(`/api/${projectId}/envelope/`) && req.url.includes(publicKey)) {
      texts.push(body.toString());
      envelopes.push(parseEnvelope(body));
    }
    res.writeHead(answer, { 'Content-Type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  const port = typeof bound === 'object' && bound ? bound.port : 0;
  const items = (): EnvelopeItem[] => envelopes.flatMap((envelope) => envelope.items);

  return {
    dsn: `http://${publicKey}@127.0.0.1:${port}/${projectId}`,
    envelopes,
    items,
    types: () => items().map(({ headers }) => headers.type),
    events: () =>
      items()
        .filter(({ headers }) => headers.type === 'event')
        .map(toEvent),
    /** All that was sent, as text. */
    text: () => texts.join('\n'),
    requests: () => requests,
    answer(next: Answer) {
      answer = next;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  return req.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

export function toEvent({ payload }: EnvelopeItem): SentEvent {
  return JSON.parse(Buffer.from(payload).toString()) as SentEvent;
}
