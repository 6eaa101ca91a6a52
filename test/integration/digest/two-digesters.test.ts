import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { eventItem, openDigest, wireEvent } from './harness.ts';

const run = promisify(execFile);

it('loses and doubles nothing when two processes digest the same files at once', async () => {
  const h = await openDigest();
  const events = 400;
  for (let index = 0; index < events; index += 1) {
    h.accept([
      eventItem(wireEvent(`E${index % 20}`, { user: { id: String(index % 30) }, tags: { n: String(index) } })),
    ]);
  }
  const digester = join(import.meta.dirname, 'digester.ts');
  const results = await Promise.all([1, 2, 3].map(() => run(process.execPath, [digester, h.directory])));
  const counts = results.map(({ stdout }) => Number(stdout));
  expect(results.map(({ stderr }) => stderr)).toEqual(['', '', '']);
  expect(counts.reduce((sum, count) => sum + count)).toBe(events);

  const issues = await h.issues();
  expect(issues.map(({ number, timesSeen }) => [number, timesSeen])).toEqual(
    Array.from({ length: 20 }, (_, index) => [index + 1, events / 20]),
  );
  expect(await h.events()).toHaveLength(events);
  expect(await h.letters()).toEqual([]);
  const tags = await h.db.selectFrom('issueTag').select('timesSeen').where('key', '=', 'n').execute();
  expect(tags.reduce((sum, { timesSeen }) => sum + timesSeen, 0)).toBe(events);
  await h.close();
});
