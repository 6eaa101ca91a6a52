import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { corpusFiles, corpusRoot, reportMissingCorpus } from '../../corpus.ts';
import { type DigestHarness, newEventId, openDigest } from './harness.ts';

/** Files without an event, and those whose framing is broken: why each is no issue. */
const NO_EVENT = new Map([
  ['edge/empty.envelope', 'no items'],
  ['edge/no_length_eof.envelope', 'no event item'],
  ['edge/transaction_only.envelope', 'a transaction'],
  ['edge/unknown_item_type.envelope', 'an unknown item'],
]);
const MALFORMED = new Map([
  ['edge/two_items_bom.envelope', /newline follows/],
  ['flutter/web_exception_screenshot.envelope', /Was the envelope cut/],
]);

describe('the corpus', () => {
  reportMissingCorpus('digesting every event of the corpus');
  let h: DigestHarness;
  beforeAll(async () => {
    h = await openDigest();
  });
  afterAll(() => h?.close());
  const files = corpusFiles().filter(({ kind }) => kind !== 'sentry-api');

  test.runIf(corpusRoot).each(files)('$path is digested', async ({ path, kind }) => {
    const bytes = readFileSync(join(corpusRoot ?? '', path));
    const eventId = newEventId();
    const framed = Buffer.concat([Buffer.from(`{}\n{"type":"event","length":${bytes.length}}\n`), bytes]);
    h.acceptBytes(kind === 'json' ? framed : bytes, { eventId });
    const letters = (await h.letters()).length;
    expect(await h.digest()).toBe(1);

    const stored = await h.stored(eventId);
    const malformed = MALFORMED.get(path);
    if (malformed) expect((await h.letters()).at(-1)?.reason).toMatch(malformed);
    expect((await h.letters()).length - letters).toBe(malformed ? 1 : 0);
    expect(stored === null).toBe(NO_EVENT.has(path) || malformed !== undefined);
    if (!stored) return;
    expect(stored.title).not.toBe('');
    expect(stored.hashes[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(JSON.stringify(stored)).not.toContain('\\u0000');
    // What these SDKs sent is of the right kind, so nothing may have been lost on the way.
    expect(stored.errors ?? []).toEqual([]);
  });

  it.runIf(corpusRoot)('keeps every frame with its fields', async () => {
    const raw = JSON.parse(readFileSync(join(corpusRoot ?? '', 'cocoa/ios_arm64_null_deref.json'), 'utf8'));
    const eventId = newEventId();
    h.acceptBytes(`{}\n{"type":"event"}\n${JSON.stringify(raw)}`, { eventId });
    await h.digest();
    const stored = await h.stored(eventId);
    const frames = (value: { frames?: unknown[] | null } | null | undefined) => value?.frames?.length;
    expect(stored?.threads?.values).toHaveLength(raw.threads.values.length);
    expect(stored?.exception?.values.map(({ stacktrace }) => frames(stacktrace))).toEqual(
      raw.exception.values.map(({ stacktrace }: { stacktrace: { frames: unknown[] } }) => frames(stacktrace)),
    );
    expect(stored?.debug_meta?.images).toHaveLength(raw.debug_meta.images.length);
  });
});
