/** Envelopes of about 20 KB, as a web framework's SDK sends them, each a template whose event id is stamped in when it is sent. */
import { crc32, deflateRawSync } from 'node:zlib';

export type BodyKind = 'plain' | 'gzip';

/** A body whose event id ends in eight zeros, in the envelope's header and in the event. */
export type Template = {
  bytes: Buffer;
  /** Where the eight digits stand, twice. */
  digitsAt: [number, number];
  /** gzip alone: where the checksum stands, what it is, and by how much each digit at each of the eight places changes it. */
  checksum: { at: number; value: number; deltas: number[] } | null;
};

const DIGITS = 8;
const ZEROS = '0'.repeat(DIGITS);
const WORDS = (
  'order account amount charge invoice retry gateway session customer ledger balance refund total currency ' +
  'commit cursor handler payload request response validate normalize schedule queue worker timeout socket stream ' +
  'parser token buffer index offset length header footer render layout widget column filter search'
).split(' ');

type Random = () => number;

/** The same numbers on every run, so that two runs measure the same bytes. */
function createRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const number = (random: Random, below: number): number => Math.floor(random() * below);
const word = (random: Random): string => WORDS[number(random, WORDS.length)] ?? '';

/** Makes the event of a number, of the issue of a number; `random` gives the same numbers on every run. */
export type EventOf = (random: Random, index: number, issue: number) => object;

/** The templates numbered `from` to `to`, less the last. @param issues how many issues all numbers make */
export function templates(
  kind: BodyKind,
  from: number,
  to: number,
  issues: number,
  eventOf: EventOf = pythonEvent,
): Template[] {
  return Array.from({ length: to - from }, (_, at) => template(kind, from + at, (from + at) % issues, eventOf));
}

/** The body with the event id that ends in `number`. */
export function stamp({ bytes, digitsAt, checksum }: Template, number: number): Buffer {
  const body = Buffer.from(bytes);
  const digits = number.toString(16).padStart(DIGITS, '0');
  for (const at of digitsAt) body.write(digits, at, 'latin1');
  if (checksum) {
    let sum = checksum.value;
    for (let place = 0; place < DIGITS; place += 1) {
      sum ^= checksum.deltas[place * 16 + Number.parseInt(digits.charAt(place), 16)] ?? 0;
    }
    body.writeUInt32LE(sum >>> 0, checksum.at);
  }
  return body;
}

/** 32 hex digits. */
export function eventIdOf({ bytes, digitsAt: [at] }: Template, number: number): string {
  const start = bytes.toString('latin1', at - (32 - DIGITS), at);
  return start + number.toString(16).padStart(DIGITS, '0');
}

function template(kind: BodyKind, index: number, issue: number, eventOf: EventOf): Template {
  const random = createRandom(index + 1);
  const idStart = Array.from({ length: 32 - DIGITS }, () => number(random, 16).toString(16)).join('');
  const header = {
    event_id: `${idStart}${ZEROS}`,
    sent_at: new Date().toISOString(),
    sdk: { name: 'sentry.python', version: '2.40.0' },
  };
  const event = JSON.stringify({ event_id: header.event_id, ...eventOf(random, index, issue) });
  const start = Buffer.from(`${JSON.stringify(header)}\n{"type":"event"}\n${event.slice(0, 60)}`);
  const rest = Buffer.from(event.slice(60));
  const fixed = idStart.length;
  const digitsAt: [number, number] = [start.indexOf(idStart) + fixed, start.lastIndexOf(idStart) + fixed];
  if (kind === 'plain') return { bytes: Buffer.concat([start, rest]), digitsAt, checksum: null };
  return gzipTemplate(start, rest, digitsAt);
}

/** RFC 1952, with the start, which holds the ids, in a stored block: packing each body anew would cost the load its speed. */
function gzipTemplate(start: Buffer, rest: Buffer, digitsAt: [number, number]): Template {
  const head = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 0, 0, 0, 0, 0]);
  head.writeUInt16LE(start.byteLength, 11);
  head.writeUInt16LE(~start.byteLength & 0xffff, 13);
  const tail = Buffer.alloc(8);
  const value = crc32(rest, crc32(start));
  tail.writeUInt32LE(value);
  tail.writeUInt32LE(start.byteLength + rest.byteLength, 4);
  const bytes = Buffer.concat([head, start, deflateRawSync(rest), tail]);
  return {
    bytes,
    digitsAt: [digitsAt[0] + head.byteLength, digitsAt[1] + head.byteLength],
    checksum: { at: bytes.byteLength - 8, value, deltas: deltasOf(start, rest, digitsAt, value) },
  };
}

/** A CRC is linear: what one byte changes in it does not depend on the others. */
function deltasOf(start: Buffer, rest: Buffer, digitsAt: [number, number], value: number): number[] {
  return Array.from({ length: DIGITS * 16 }, (_, index) => {
    const changed = Buffer.from(start);
    for (const at of digitsAt) changed.write((index % 16).toString(16), at + Math.floor(index / 16), 'latin1');
    return (crc32(rest, crc32(changed)) ^ value) >>> 0;
  });
}

function pythonEvent(random: Random, index: number, issue: number) {
  const ofIssue = createRandom(issue + 1);
  const now = Date.now() / 1000;
  return {
    timestamp: now,
    platform: 'python',
    level: 'error',
    release: `shop@1.${index % 5}.0`,
    environment: 'production',
    server_name: `web-${index % 8}`,
    transaction: '/checkout/{order}/',
    tags: { region: `eu-${index % 3}`, tenant: `t${index % 50}`, plan: 'pro', shard: String(index % 4) },
    user: { id: String(index % 500), email: `user${index % 500}@example.com` },
    contexts: { runtime: { name: 'CPython', version: '3.12.3' }, os: { name: 'Linux', version: '6.1' } },
    request: {
      url: `https://shop.example/checkout/${index}/`,
      method: 'POST',
      headers: {
        'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
        Host: 'shop.example',
      },
      data: { amount: index, note: 'to be delivered', password: 'hunter2' },
    },
    breadcrumbs: {
      values: Array.from({ length: 15 }, (_, at) => ({
        timestamp: now - 20 + at,
        category: 'query',
        message: `SELECT * FROM ${word(random)} WHERE id = ${number(random, 1e6)} AND state = 'open'`,
      })),
    },
    exception: {
      values: [
        {
          type: `${word(ofIssue)}Error${issue}`,
          value: `${word(random)} ${index} must be positive`,
          mechanism: { type: 'django', handled: false },
          stacktrace: { frames: Array.from({ length: 37 }, (_, at) => frameOf(at, ofIssue)) },
        },
      ],
    },
  };
}

function frameOf(at: number, random: Random) {
  const name = word(random);
  const line = (): string =>
    `${' '.repeat(4 * number(random, 3))}${word(random)} = ${word(random)}.${word(random)}(${word(random)}, rate=${number(random, 1e4)})`;
  return {
    filename: `shop/${name}_${at}.py`,
    abs_path: `/srv/app/shop/${name}_${at}.py`,
    module: `shop.${name}_${at}`,
    function: `${word(random)}_${at}`,
    lineno: 10 + number(random, 900),
    in_app: at > 25,
    pre_context: [line(), line(), line()],
    context_line: line(),
    post_context: [line(), line(), line()],
    ...(at > 33
      ? { vars: { order: { id: number(random, 1e6), items: [1, 2, 3] }, amount: '-12', self: '<shop.Order object>' } }
      : {}),
  };
}
