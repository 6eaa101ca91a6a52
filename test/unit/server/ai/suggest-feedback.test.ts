import { expect, test } from 'vitest';
import { redactComment } from '../../../../server/ai/feedback.ts';
import { NO_RULES, parseRedactionRules } from '../../../../server/ai/redact-rules.ts';
import { storedEvent } from './sample-event.ts';

const placeholders = new Map([
  ['[email 1]', 'ann@example.com'],
  ['[secret 1]', 'hunter2-x'],
  ['[custom 1]', 'Falcon'],
  ['[user 1]', 'hunter2'],
  ['[id 1]', 'x1'],
]);
const event = storedEvent({ user: { username: 'grace-h' } });

test.each([
  ['values get their placeholders again', 'mail to ann@example.com', 'mail to [email 1]'],
  ['placeholders stay', '[email 1] is wrong', '[email 1] is wrong'],
  ['the longer value wins', 'hunter2-x and hunter2', '[secret 1] and [user 1]'],
  ['too short to be told from words', 'x1 in x12', 'x1 in x12'],
  ['another address has no number of ours', 'bob@example.com', '[email]'],
  ['a placeholder that the answer has not', '[email 7]', '(email 7)'],
  ['whom the event names', 'ask grace-h', 'ask [user]'],
  ['plain words', 'The fix is right; thanks.', 'The fix is right; thanks.'],
])('%s', (_, comment, kept) => {
  expect(redactComment(comment, event, { placeholders, isSure: true }, NO_RULES)).toBe(kept);
});

test('where the numbers are not sure, there are none', () => {
  const kept = redactComment('ann@example.com, hunter2-x', event, { placeholders, isSure: false }, NO_RULES);
  expect(kept).toBe('[email], [secret]');
});

test('rules of the project hold', () => {
  const rules = parseRedactionRules('text: Project Eagle');
  const kept = redactComment('It is Project Eagle.', event, { placeholders: new Map(), isSure: true }, rules);
  expect(kept).toBe('It is [custom].');
});
