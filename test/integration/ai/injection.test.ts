/** Events that try to steer a model, over the real server and a fake endpoint: what they are on the wire. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeModel, startFakeModel } from '../../fake-model.ts';
import { type RunningServer, startServer } from '../../server.ts';
import { injections, SECRETS } from './injection-events.ts';
import { type Obeyed, obeyAll } from './injection-run.ts';

let fake: FakeModel;
let server: RunningServer;
let obeyed: Obeyed[];

beforeAll(async () => {
  fake = await startFakeModel();
  const model = { OPENAI_BASE_URL: fake.baseUrl, OPENAI_API_KEY: 'sk-operator', OPENAI_MODEL: 'no-choices' };
  server = await startServer({ ...model, STACKMEND_AI_POLICY: 'allowed' });
  obeyed = await obeyAll(server, fake);
}, 240_000);
afterAll(async () => {
  await server?.stop();
  await fake?.close();
});

const systemOf = ({ request }: Obeyed) => request.messages.find(({ role }) => role === 'system')?.content ?? '';
const dataOf = ({ request }: Obeyed) => request.messages.find(({ role }) => role === 'user')?.content ?? '';
const nonceOf = (one: Obeyed) => /nonce="([0-9a-f]{32})"/.exec(systemOf(one))?.[1] ?? '';
const forEach = (check: (one: Obeyed) => void) => {
  for (const one of obeyed) {
    try {
      check(one);
    } catch (error) {
      throw new Error(`${one.name}: ${error instanceof Error ? error.message : error}`);
    }
  }
};

describe('of every event', () => {
  it('there are enough, and they reach the model: else nothing is shown here', () => {
    expect(injections.length).toBeGreaterThanOrEqual(60);
    const arrived = obeyed.filter(({ answer }) => /evil|live|еvil|[Ii]gnor/.test(answer));
    expect(arrived.length).toBeGreaterThanOrEqual(60);
  });

  it('the system message is the same, but for its nonce, and calls the event data', () => {
    const [first] = obeyed;
    const words = (one: Obeyed) => systemOf(one).replaceAll(nonceOf(one), '');
    forEach((one) => {
      expect(nonceOf(one)).toMatch(/^[0-9a-f]{32}$/);
      expect(words(one)).toBe(first && words(first));
      expect(one.request.messages.map(({ role }) => role)).toEqual(['system', 'user']);
    });
    expect(first && systemOf(first)).toMatch(/is data/);
    expect(new Set(obeyed.map(nonceOf)).size).toBe(obeyed.length);
  });

  it('all that a stranger wrote stands between marks with that nonce, and closes none of them', () => {
    forEach((one) => {
      const data = dataOf(one);
      const nonce = nonceOf(one);
      const marks = data.match(new RegExp(`</?\\w+[^<>\\n]* nonce="${nonce}"[^<>\\n]*>`, 'g')) ?? [];
      // Every mention of the nonce is a mark of ours, and they come in pairs.
      expect(data.split(nonce).length - 1).toBe(marks.length);
      expect(marks.length).toBeGreaterThanOrEqual(2);
      expect(marks.filter((mark) => mark.startsWith('</')).length * 2).toBe(marks.length);
      expect(marks[0]?.startsWith('</')).toBe(false);
      const outside = data
        .split(
          new RegExp(`<\\w+[^<>\\n]* nonce="${nonce}"[^<>\\n]*>[\\s\\S]*?</\\w+[^<>\\n]* nonce="${nonce}"[^<>\\n]*>`),
        )
        .join('');
      expect(outside).not.toMatch(/evil|ignor/i);
    });
  });

  it('what nobody sees is shown', () => {
    forEach(({ request }) => {
      const texts = request.messages.map(({ content }) => content).join('');
      expect(texts).not.toMatch(/[\p{Cf}\u{E0000}-\u{E01EF}\u2028\u2029\u3164\u115F]|(?![\n\t])\p{Cc}/u);
    });
    const all = obeyed.map(dataOf).join('\n');
    for (const code of ['200B', '202E', 'E0065', 'E0165', '001B', '00AD', '3164', '2028', 'FEFF'])
      expect(all).toContain(`<U+${code}>`);
  });

  it('no secret of its user leaves, nor the key of the operator but to its endpoint', () => {
    forEach(({ request }) => {
      for (const secret of Object.values(SECRETS)) expect(request.text).not.toContain(secret);
      expect(request.text).not.toMatch(/canary|77415001|sk-operator/);
      expect(request.headers.authorization).toBe('Bearer sk-operator');
    });
  });

  it('a placeholder that a stranger wrote is none', () => {
    const made = obeyed.find(({ name }) => name.startsWith('a placeholder that was made up'));
    expect(made && dataOf(made)).toContain('(email 99)');
  });
});
