import { type FormEvent, useState } from 'react';
import type { AiSettings } from '../../../server/protocol/contract.ts';
import { useWhyNot } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { Checkbox } from '../../components/checkbox.tsx';
import { Select } from '../../components/select.tsx';
import styles from './ai-page.module.css';
import { Panel, PanelActions } from './panel.tsx';
import { useSaveAi } from './use-save-ai.ts';

/** In the place of a name: whichever the operator set first. No endpoint can be called so. */
const first = '';

/** Where events of the project may go. */
export function AiWherePanel({ project, settings }: { project: string; settings: AiSettings }) {
  const whyNot = useWhyNot('ai:admin');
  const save = useSaveAi(project, settings);
  /** What is not stored yet. */
  const [draft, setDraft] = useState<{ localOnly?: boolean; endpoint?: string }>({});
  const { localOnly, endpoint } = { localOnly: settings.localOnly, endpoint: settings.endpoint ?? first, ...draft };
  const allowed = settings.endpoints.filter(({ isLocal }) => isLocal || !localOnly);
  const chosen = settings.endpoints.find(({ name }) => name === endpoint);
  const isChanged = localOnly !== settings.localOnly || endpoint !== (settings.endpoint ?? first);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ localOnly, endpoint: endpoint || null }, { onSuccess: () => setDraft({}) });
  };
  return (
    <Panel title="Where events may go">
      <form className={styles['form']} onSubmit={onSubmit}>
        <Checkbox
          label="Local endpoints only"
          checked={localOnly}
          disabled={!!whyNot}
          onChange={(chosenLocal) => setDraft({ ...draft, localOnly: chosenLocal })}
        >
          Events of this project go to models on this machine or in a private network, and nowhere else.
        </Checkbox>
        {localOnly && allowed.length === 0 && (
          <p className={styles['warning']}>No local endpoint is set: no fix can be suggested for this project.</p>
        )}
        <div className={styles['choice']}>
          <span aria-hidden="true">Asked unless another is chosen</span>
          <Select
            label="Asked unless another is chosen"
            value={endpoint}
            options={[
              { id: first, label: allowed[0] ? `The first, now ${allowed[0].name}` : 'The first' },
              ...allowed.map(({ name, model }) => ({ id: name, label: `${name} (${model})` })),
            ]}
            onChange={(name) => setDraft({ ...draft, endpoint: name })}
          />
          {endpoint && !(chosen && allowed.includes(chosen)) && (
            <p className={styles['warning']}>
              {chosen ? `${endpoint} is not local: it is not asked.` : `There is no endpoint ${endpoint} any more.`}
            </p>
          )}
        </div>
        <PanelActions refusal={save.error?.message}>
          <Button type="submit" look="primary" whyNot={whyNot} disabled={save.isPending || !isChanged}>
            {save.isPending ? 'Saving…' : 'Save'}
          </Button>
        </PanelActions>
      </form>
    </Panel>
  );
}
