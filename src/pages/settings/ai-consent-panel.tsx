import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { aiConsentQuery } from '../../api/ai-settings.ts';
import { useCan, useWhyNot } from '../../api/session.ts';
import { putAiConsent } from '../../api/suggest.ts';
import { Button } from '../../components/button.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import styles from './ai-page.module.css';
import { Panel, PanelActions } from './panel.tsx';

/** One's own consent, for all projects. It is given beside the payload that it is about, and withdrawn here, too. */
export function AiConsentPanel() {
  const queries = useQueryClient();
  // Who may not send anything has nothing to agree to, and is not told what they said before.
  const consent = useQuery({ ...aiConsentQuery, enabled: useCan('ai:suggest') === true });
  const whyNot = useWhyNot('ai:suggest');
  const change = useMutation({
    mutationFn: putAiConsent,
    onSuccess: async (given) => {
      queries.setQueryData(aiConsentQuery.queryKey, given);
      // Each shown payload says whether its reader has agreed.
      await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[2] === 'suggest-payload' });
    },
  });
  const consented = consent.data?.consented;
  return (
    <Panel
      title="Your consent"
      about="Yours alone, and for all projects; it is asked for where the policy wants it of each user."
    >
      {whyNot && <p>{whyNot}</p>}
      {consent.isPending && !whyNot && <Skeleton label="Loading your consent" rows={1} height={28} />}
      {consent.isError && <p role="alert">It could not be loaded: {consent.error.message}</p>}
      {consented !== undefined && !whyNot && (
        <>
          <p className={styles['words']}>
            {consented
              ? 'You agreed that events may be sent to a model when you click “Suggest fix”.'
              : 'You have not agreed that events may be sent to a model.'}
          </p>
          <PanelActions refusal={change.error?.message}>
            <Button
              look={consented ? 'danger' : 'normal'}
              disabled={change.isPending}
              onClick={() => change.mutate(!consented)}
            >
              {consented ? 'Withdraw' : 'I agree'}
            </Button>
          </PanelActions>
        </>
      )}
    </Panel>
  );
}
