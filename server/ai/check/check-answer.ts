import type { PatchCheck } from '../../protocol/contract.ts';
import type { StoredEvent } from '../../protocol/event.ts';
import type { Answer } from '../answer/answer.ts';
import { knownValues } from '../prepare.ts';
import { createRedactor } from '../redact.ts';
import type { OperatorRules } from '../redact-rules.ts';
import { type CheckPatchDeps, createCheckPatch } from './check-patch.ts';

/** Checks the patch of an answer at its event's commit; what the check tells of the checkout is redacted as the payload is. */
export function createCheckAnswer(deps: CheckPatchDeps) {
  const checkPatch = createCheckPatch(deps);
  return (
    answer: Pick<Answer, 'patch' | 'isPatchOpen'>,
    { event, projectId }: { event: StoredEvent; projectId: number },
    rules: OperatorRules,
  ): Promise<PatchCheck> => {
    const redactor = createRedactor(knownValues(event), { rules });
    const redact = (text: string) => redactor.text(text, 'code');
    return checkPatch(answer, { projectId, release: event.release, redact });
  };
}
