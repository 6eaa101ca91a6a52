/** A released grouper is frozen: other hashes, or a helper that somebody else may change, would split every stored issue. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, test } from 'vitest';
import { groupEvent } from '../../../../server/digest/group.ts';
import { normalizeEvent } from '../../../../server/digest/normalize.ts';
import type { Json } from '../../../../server/protocol/event.ts';
import { readSamples } from '../../../../server/samples/samples.ts';

const context = { projectId: 2, eventId: '0'.repeat(32), receivedAt: 1_790_000_000_000, remoteAddress: null };
const hashesOf = (payload: Json) => groupEvent(normalizeEvent(payload, context)).hashes;
const frames = (...names: string[]) => ({
  frames: names.map((name) => ({ function: name, module: 'shop.cart', filename: 'shop/cart.py', in_app: true })),
});

it('gives the samples the hashes that v1 was released with', async () => {
  const samples = await readSamples();
  const found = Object.fromEntries(samples.map(({ name, text }) => [name, hashesOf(JSON.parse(text))]));
  expect(found).toEqual({
    dotnet: ['c0b727982d09e828055428ceefa9a8fd', 'e41ddb0258b6ce1bc1d808e8be54e504'],
    javascript: ['bf417815a4f57db89f60fbfe72b24e8a'],
    native: ['e6f95af8cc2b71f9c693d9eabf7be7b0', '027ad2510e3e7f798867c05029d96f6d'],
    node: ['58c5b2d024cd176020e72fd1e2f30e1f', '63a8c98fa280580fabefc30fe16097c7'],
    python: ['b32a2f291efe891ed436e31dd8132d1b', 'eeede7c76f9de0fbba1a8f54648e5b36'],
  });
});

test.each<[string, Json, string[]]>([
  ['a message with numbers', { message: 'order 17 of 3 failed' }, ['f93d6a3ec23f7830536d5cf744711fb5']],
  ['a fingerprint', { message: 'x', fingerprint: ['checkout', '{{ default }}'] }, ['a8c158dae48424f9ad6542667b7517bb']],
  [
    'a chain',
    {
      exception: [
        { type: 'KeyError', value: 'a' },
        { type: 'CartError', stacktrace: frames('pay', 'total') },
      ],
    },
    ['a41050c4c255037e00d416955a5b9e89'],
  ],
  ['nothing at all', {}, ['c075e0dd8d3fb3b6faa7fbbfff4f8274']],
])('gives %s the hashes that v1 was released with', (_, payload, hashes) => {
  expect(hashesOf(payload)).toEqual(hashes);
});

it('lets a released grouper use its own folder and nothing that may change', () => {
  const folder = join(import.meta.dirname, '..', '..', '..', '..', 'server', 'digest', 'group');
  const foreign = readdirSync(folder).flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const values = [...text.matchAll(/^import (?!type\b)[^;]*? from '([^']+)'/gm)].map(([, from = '']) => from);
    return values.filter((from) => !/^(node:|\.\/[\w-]+\.ts$)/.test(from)).map((from) => `${file} -> ${from}`);
  });
  expect(foreign).toEqual([]);
});
