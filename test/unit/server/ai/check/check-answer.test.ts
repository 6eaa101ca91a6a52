import { expect, it } from 'vitest';
import { parseAnswer } from '../../../../../server/ai/answer/answer.ts';
import { createCheckAnswer } from '../../../../../server/ai/check/check-answer.ts';
import { NO_RULES, parseRedactionRules } from '../../../../../server/ai/redact-rules.ts';
import { storedEvent } from '../sample-event.ts';
import { answerWith, patchedRepository } from './patched-repository.ts';

const KEY = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc';
const FILES = {
  'app/pay.py': `import stripe\n\nstripe.api_key = "${KEY}"\n\n\ndef pay(order):\n    return stripe.Charge.create(amount=order.total)\n`,
  'app/cart.py': '# Of the Falcon project.\ndef total(items):\n    return sum(item.price for item in items)\n',
};
const event = storedEvent({ release: 'shop@1' });
const ofCart = (expression: string) =>
  parseAnswer(
    answerWith(
      `--- a/app/cart.py\n+++ b/app/cart.py\n@@ -2,2 +2,2 @@\n def total(items):\n-    return sum(item.price for item in items)\n+    return ${expression}`,
    ),
  );

it('gives a patch of plain code as git takes it', async () => {
  using shop = patchedRepository(FILES);
  const checkAnswer = createCheckAnswer(shop.checkDeps);
  const check = await checkAnswer(ofCart('sum(item.price or 0 for item in items)'), { event, projectId: 2 }, NO_RULES);
  expect(check).toMatchObject({ status: 'applies', commit: shop.commit });
  expect(shop.gitApplies(check.patch ?? '', 'app/cart.py')).toContain('item.price or 0');
});

it('keeps no key of the checkout, though the change is beside it', async () => {
  using shop = patchedRepository(FILES);
  const checkAnswer = createCheckAnswer(shop.checkDeps);
  const ofPay = (line: string) =>
    parseAnswer(
      answerWith(`--- a/app/pay.py\n+++ b/app/pay.py\n@@ -1,3 +1,4 @@\n import stripe\n${line}\n+import os\n `),
    );
  for (const line of ['', ' import other']) {
    const check = await checkAnswer(ofPay(line), { event, projectId: 2 }, NO_RULES);
    expect(check.status).toBe('does_not_apply');
    expect(JSON.stringify(check)).not.toContain(KEY);
  }
  const applies = parseAnswer(
    answerWith('--- a/app/pay.py\n+++ b/app/pay.py\n@@ -1 +1,2 @@\n import stripe\n+import os'),
  );
  const check = await checkAnswer(applies, { event, projectId: 2 }, NO_RULES);
  expect(check).toMatchObject({ status: 'applies', patch: null });
  expect(JSON.stringify(check)).not.toContain(KEY);
});

it("keeps to the project's own rules", async () => {
  using shop = patchedRepository(FILES);
  const checkAnswer = createCheckAnswer(shop.checkDeps);
  const rules = parseRedactionRules('text: Falcon');
  const check = await checkAnswer(ofCart('0'), { event, projectId: 2 }, rules);
  expect(check).toMatchObject({ status: 'applies', patch: null });
  expect(JSON.stringify(check)).not.toContain('Falcon');
});
