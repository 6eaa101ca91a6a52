import { gzipSync } from 'node:zlib';

const WORDS =
  'order account amount charge invoice retry gateway session customer ledger balance refund total currency ' +
  'commit cursor handler payload request response validate normalize schedule queue worker timeout socket stream ' +
  'parser token buffer index offset length header footer render layout widget column filter search';

/** The same numbers on every run, so that two runs measure the same bytes. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** An envelope of about 20 KB: one exception, 37 frames, each with seven lines of varied source. */
export function benchmarkEnvelope(seed: number): Buffer {
  const random = createRandom(seed);
  const words = WORDS.split(' ');
  const word = (): string => words[Math.floor(random() * words.length)] ?? 'x';
  const line = (): string =>
    `${' '.repeat(4 * Math.floor(random() * 3))}const ${word()} = await ${word()}.${word()}(${word()}, ${Math.floor(random() * 1e4)});`;
  const frames = Array.from({ length: 37 }, (_, index) => ({
    filename: `/srv/app/${word()}/${word()}.js`,
    module: `${word()}:${word()}`,
    function: `${word()}${word()}`,
    lineno: Math.floor(random() * 900) + 10,
    colno: Math.floor(random() * 60) + 1,
    in_app: index % 3 === 0,
    pre_context: [line(), line(), line()],
    context_line: line(),
    post_context: [line(), line(), line()],
  }));
  const eventId = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('');
  const event = JSON.stringify({
    event_id: eventId,
    timestamp: 1_790_000_000 + random(),
    platform: 'node',
    level: 'error',
    release: 'shop@1.4.2',
    environment: 'production',
    server_name: 'web-3',
    tags: { region: word(), tier: 'gold' },
    exception: {
      values: [
        {
          type: 'TypeError',
          value: `cannot read ${word()} of ${word()}`,
          stacktrace: { frames },
          mechanism: { type: 'generic', handled: false },
        },
      ],
    },
  });
  const header = JSON.stringify({
    event_id: eventId,
    sent_at: '2026-09-21T10:00:00Z',
    sdk: { name: 'sentry.javascript.node', version: '11.12.0' },
  });
  return Buffer.from(`${header}\n{"type":"event"}\n${event}`);
}

export type BodyKind = 'plain' | 'gzip';

/** `count` bodies, each of another event. */
export function benchmarkBodies(kind: BodyKind, count: number): Buffer[] {
  return Array.from({ length: count }, (_, index) => {
    const body = benchmarkEnvelope(index + 1);
    return kind === 'gzip' ? gzipSync(body) : body;
  });
}
