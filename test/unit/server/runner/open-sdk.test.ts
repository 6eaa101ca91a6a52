import { pino } from 'pino';
import { describe, expect, it, test, vi } from 'vitest';
import { ModelError } from '../../../../server/ai/suggest-error.ts';
import { serializeEnvelope } from '../../../../server/protocol/envelope.ts';
import { NotFoundError, UnavailableError } from '../../../../server/protocol/errors.ts';
import { connectRelay, createLogError, createOnError } from '../../../../server/runner/open-sdk.ts';
import { NO_SDK, type Sdk } from '../../../../server/sdk/configure-sdk.ts';
import type { NewEnvelope } from '../../../../server/storage/spool.ts';

const withCode = (code: string) => Object.assign(new Error('x'), { code });

/** A log whose lines are kept, and what was captured. */
function listen() {
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(line) });
  const captureException = vi.fn<Sdk['captureException']>();
  return { lines, log, sdk: { captureException }, captured: captureException.mock.calls };
}

describe('an error of a request', () => {
  test.each<[string, unknown, boolean]>([
    ['nobody foresaw', new TypeError('x is undefined'), true],
    ['no table explains', withCode('SQLITE_ERROR'), true],
    ['is no error at all', 'thrown text', true],
    ['has a status', new NotFoundError('No such issue.'), false],
    ['says later', new UnavailableError('The disk is full.', 5), false],
    ["is a provider's", new ModelError('server', 'It failed.'), false],
    ['is of a busy database', withCode('SQLITE_BUSY'), false],
    ['is of a busy database, in detail', withCode('SQLITE_BUSY_SNAPSHOT'), false],
    ['is of a full disk', withCode('SQLITE_FULL'), false],
    ['is of a client that went away', withCode('ECONNRESET'), false],
  ])('that %s is logged, and captured when it is ours', (_, error, isCaptured) => {
    const { lines, log, sdk, captured } = listen();
    createLogError(log, sdk)('GET /x failed', error);
    expect(lines).toHaveLength(1);
    expect(captured).toEqual(isCaptured ? [[error, { during: 'GET /x failed' }]] : []);
  });
});

describe('what a service tells', () => {
  it('is captured with its scope when it is an error, and only logged when it is a line', () => {
    const { lines, log, sdk, captured } = listen();
    const onError = createOnError(log, sdk);
    const error = new Error('x');
    onError(error, { isUnsafe: true });
    onError('The file is readable by others.');
    expect(lines).toHaveLength(2);
    expect(captured).toEqual([[error, { isUnsafe: true }]]);
  });
});

describe('the way to the internal project', () => {
  const key = { publicKey: 'a'.repeat(32), projectId: 1, label: 'Default', isActive: true, dateCreated: 0 };

  async function connect(keys: (typeof key)[]) {
    const appended: NewEnvelope[] = [];
    const connecting = vi.fn<Sdk['connectRelay']>(async () => {});
    const projectKeys = vi.fn(async () => keys);
    await connectRelay(
      { ...NO_SDK, connectRelay: connecting },
      { projects: { keys: projectKeys }, append: async (envelope) => void appended.push(envelope) },
    );
    const project = connecting.mock.calls[0]?.[0];
    if (!project) throw new Error('It was not connected.');
    return { project, appended, projectKeys };
  }

  const envelope = (type: string, headers = {}) =>
    Buffer.from(serializeEnvelope({ headers, items: [{ headers: { type }, payload: Buffer.from('{}') }] }));

  test.each([
    ['is its first that is active', [{ ...key, publicKey: 'off', isActive: false }, key], key.publicKey],
    ['is none when all are off', [{ ...key, isActive: false }], null],
    ['is none when there is none', [], null],
  ])('has a key: %s', async (_, keys, expected) => {
    const { project, projectKeys } = await connect(keys);
    expect(await project.findKey()).toBe(expected);
    expect(projectKeys).toHaveBeenCalledExactlyOnceWith(1);
  });

  it('spools an event as ingest does, and nothing that digest would drop', async () => {
    const { project, appended } = await connect([key]);
    const eventId = 'c'.repeat(32);
    const body = envelope('event', { event_id: eventId });
    await project.append(body);
    await project.append(envelope('client_report'));
    await project.append(envelope('trace_metric'));
    expect(appended).toEqual([
      { projectId: 1, eventId, receivedAt: expect.any(Number), remoteAddress: null, client: null, body },
    ]);
  });
});
