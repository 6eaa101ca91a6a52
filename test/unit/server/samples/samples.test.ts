import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normalizeEvent } from '../../../../server/digest/normalize.ts';
import { Coverage } from '../../../../server/protocol/contract.ts';
import { freshSample, loadSamples, readSamples, type Sample } from '../../../../server/samples/samples.ts';
import { migrate, openDatabase } from '../../../../server/storage/database.ts';
import { coverageOver } from '../coverage/harness.ts';

type Frame = {
  filename?: string;
  abs_path?: string;
  module?: string;
  lineno?: number;
  context_line?: string;
  pre_context?: string[];
  post_context?: string[];
  in_app: boolean;
  vars?: Record<string, unknown>;
  package?: string;
  instruction_addr?: string;
};
type Stacktrace = { frames: Frame[]; registers?: Record<string, string> };
type Payload = {
  event_id: string;
  timestamp: number;
  platform: string;
  release: string;
  sdk: object;
  exception: { values: { type: string; value: string; stacktrace: Stacktrace; mechanism?: Record<string, unknown> }[] };
  breadcrumbs: { values: { timestamp: number }[] };
  threads?: { values: { crashed: boolean; stacktrace?: Stacktrace }[] };
  debug_meta?: { images: { image_addr: string; image_size: number }[] };
};
const payloadOf = (sample: Sample): Payload => JSON.parse(sample.text);
const samples = await readSamples();
const sampleText = (name: string) => samples.find((one) => one.name === name)?.text ?? '{}';
const payload = (name: string): Payload => JSON.parse(sampleText(name));
const framesOf = (event: Payload) => event.exception.values.flatMap(({ stacktrace }) => stacktrace.frames);

it('are python, JavaScript, native, .NET, and one with coverage', () => {
  expect(samples.map(({ name }) => name)).toEqual(['dotnet', 'javascript', 'native', 'node', 'python']);
  expect(samples.filter(({ coverage }) => coverage).map(({ name }) => name)).toEqual(['node']);
});

describe.each(samples.map((sample) => [sample.name, sample] as const))('%s', (_, sample) => {
  const event = payloadOf(sample);

  it('has what every SDK sends', () => {
    expect(event).toMatchObject({
      event_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      timestamp: expect.any(Number),
      release: expect.stringMatching(/^[a-z-]+@\d/),
      environment: 'production',
      sdk: { name: expect.stringMatching(/^sentry\./), version: expect.stringMatching(/^\d/) },
    });
    expect(Object.keys(event)).toEqual(expect.arrayContaining(['tags', 'contexts', 'breadcrumbs']));
  });

  it('has source around the line of every frame in the app, and what raised last is in the app or just below it', () => {
    const own = framesOf(event).filter(({ in_app }) => in_app);
    expect(own.length).toBeGreaterThanOrEqual(3);
    for (const { filename, lineno, context_line, pre_context, post_context } of own) {
      expect(context_line?.trim(), `${filename}:${lineno}`).not.toBe('');
      expect(pre_context).toHaveLength(Math.min(5, (lineno ?? 0) - 1));
      expect(post_context?.length).toBeLessThanOrEqual(5);
    }
    expect(
      event.exception.values
        .at(-1)
        ?.stacktrace.frames.slice(-2)
        .some(({ in_app }) => in_app),
    ).toBe(true);
  });

  it('says the same of a line wherever a frame shows it: its files are real', () => {
    const files = new Map<string, string>();
    for (const { filename, lineno = 0, pre_context = [], context_line = '', post_context = [] } of framesOf(event)) {
      [...pre_context, context_line, ...post_context].forEach((text, index) => {
        const key = `${filename}:${lineno - pre_context.length + index}`;
        expect(files.get(key) ?? text, key).toBe(text);
        files.set(key, text);
      });
    }
  });

  it('is what SDKs send: normalizing has nothing to mend, and adds no remark', () => {
    const context = { projectId: 2, eventId: event.event_id, receivedAt: event.timestamp * 1000, remoteAddress: null };
    const normalized = normalizeEvent(event, context);
    expect(normalized.errors ?? []).toEqual([]);
    expect(JSON.stringify(normalized._meta ?? null)).not.toContain('"err"');
  });

  it('is fresh each time: a new id, now, and breadcrumbs just before', () => {
    const now = 1_900_000_000_250;
    const [first, second] = [freshSample(sample, now), freshSample(sample, now)].map(
      (bytes): Payload => JSON.parse(Buffer.from(bytes).toString()),
    );
    expect(first?.event_id).toMatch(/^[0-9a-f]{32}$/);
    expect(first?.event_id).not.toBe(second?.event_id);
    expect(first?.timestamp).toBe(now / 1000);
    const distances = (of?: Payload) => of?.breadcrumbs.values.map(({ timestamp }) => of.timestamp - timestamp);
    const expected = distances(event)?.map((seconds) => expect.closeTo(seconds, 2));
    expect(distances(first)).toEqual(expected);
    expect(distances(first)?.every((seconds) => seconds > 0)).toBe(true);
    expect({ ...first, event_id: 0, timestamp: 0, breadcrumbs: 0 }).toEqual({
      ...event,
      event_id: 0,
      timestamp: 0,
      breadcrumbs: 0,
    });
  });
});

it('python: a chained exception, typed variables, what was scrubbed and what was cut, each marked', () => {
  const event = payload('python');
  expect(event.exception.values.map(({ type }) => type)).toEqual(['InvalidOperation', 'PricingError']);
  const frames = framesOf(event);
  expect(frames.length).toBeGreaterThanOrEqual(8);
  expect(new Set(frames.map(({ in_app }) => in_app))).toEqual(new Set([true, false]));
  const view = frames.find(({ filename }) => filename === 'shop/checkout/views.py');
  expect(view?.vars).toMatchObject({
    form: { password: '[Filtered]', create_account: true, newsletter: null, address: { lines: [] } },
  });
  expect(view?.vars).toMatchObject({ form: { note: expect.stringMatching(/^'Please .{501}\.\.\.$/) } });
  expect(sampleText('python')).not.toContain('correct horse');
  const at = event.exception.values[1]?.stacktrace.frames.findIndex(({ filename }) => filename === view?.filename);
  expect(event).toHaveProperty(
    ['_meta', 'exception', 'values', '1', 'stacktrace', 'frames', String(at), 'vars', 'form'],
    {
      password: { '': { rem: [['!config', 's']] } },
      note: { '': { len: expect.any(Number), rem: [['!limit', 'x', 509, 512]] } },
    },
  );
});

it('native: registers exact beyond 2^53, threads, and every address inside of an image', () => {
  const event = payload('native');
  const registers = event.exception.values[0]?.stacktrace.registers ?? {};
  expect(Object.keys(registers)).toHaveLength(17);
  for (const value of Object.values(registers)) {
    expect(value).toMatch(/^0x(?:0|[1-9a-f][0-9a-f]{0,15})$/);
    expect(`0x${BigInt(value).toString(16)}`).toBe(value);
  }
  expect(Object.values(registers).filter((value) => BigInt(value) > 2n ** 53n).length).toBeGreaterThanOrEqual(4);
  expect(event.threads?.values.map(({ crashed }) => crashed)).toEqual([true, false, false]);
  const images = event.debug_meta?.images ?? [];
  const stacks = event.threads?.values.flatMap(({ stacktrace }) => stacktrace?.frames ?? []) ?? [];
  for (const { instruction_addr = '0x0' } of [...framesOf(event), ...stacks]) {
    const isIn = images.some(({ image_addr, image_size }) => {
      const offset = BigInt(instruction_addr) - BigInt(image_addr);
      return offset >= 0n && offset < BigInt(image_size);
    });
    expect(isIn, instruction_addr).toBe(true);
  }
  expect(registers['rip']).toBe(framesOf(event).at(-1)?.instruction_addr);
});

it('.NET: every frame has its assembly', () => {
  for (const { package: assembly } of framesOf(payload('dotnet'))) {
    expect(assembly).toMatch(
      /^[\w.]+, Version=\d+\.\d+\.\d+\.\d+, Culture=neutral, PublicKeyToken=(?:null|[0-9a-f]{16})$/,
    );
  }
});

describe('loaded into a project', () => {
  const folder = mkdtempSync(join(tmpdir(), 'samples-'));
  const db = openDatabase(join(folder, 'test.db'));
  const coverage = coverageOver(db);
  beforeAll(() => migrate(db));
  afterAll(async () => {
    await db.destroy();
    rmSync(folder, { recursive: true });
  });

  it('shows coverage on every frame of the sample that has it: covered, uncovered and partial around the line', async () => {
    const importEvents = async () => ({ eventIDs: ['a'] });
    const project = { id: 2, slug: 'default' };
    const loaded = await loadSamples(project, { importEvents, coverage, now: Date.now });
    expect(loaded.eventIDs).toHaveLength(samples.length);
    await loadSamples(project, { importEvents, coverage, now: Date.now });
    expect(await coverage.list(2)).toHaveLength(1);

    const event = payload('node');
    const own = framesOf(event).filter(({ in_app }) => in_app);
    for (const frame of own) {
      const answer = await coverage.forFrame({
        projectId: 2,
        release: event.release,
        filename: frame.filename,
        absPath: frame.abs_path,
        module: frame.module,
        platform: event.platform,
      });
      expect(answer).toMatchObject({ status: 200, path: expect.stringMatching(/^src\/\w+\.ts$/) });
      const line = frame.lineno ?? 0;
      const near = answer.lineCoverage?.filter(([number]) => Math.abs(number - line) <= 5) ?? [];
      expect(near.find(([number]) => number === line)?.[1]).toBe(Coverage.covered);
      if (frame !== own.at(-1)) continue;
      expect(new Set(near.map(([, code]) => code))).toEqual(
        new Set([Coverage.covered, Coverage.notCovered, Coverage.partial]),
      );
    }
  });
});
