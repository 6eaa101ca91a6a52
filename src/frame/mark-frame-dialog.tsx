import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { Frame } from '../../server/protocol/contract.ts';
import { inAppRulesQuery } from '../api/in-app-rules.ts';
import { Button } from '../components/button.tsx';
import { Dialog, DialogActions } from '../components/dialog.tsx';
import { rulesFor, withRule } from './in-app-rule.ts';
import styles from './in-app-rules.module.css';
import type { Scene } from './scene.ts';
import { useSaveRules } from './use-save-rules.ts';

type Props = { frame: Frame; inApp: boolean; scene: Scene; onClose: () => void };

/** Asks which frames are meant, shows the rule that says so, and adds it to the project's. */
export function MarkFrameDialog({ frame, inApp, scene, onClose }: Props) {
  const choices = rulesFor(frame, inApp, scene.platform);
  const [chosen, setChosen] = useState(0);
  const name = useId();
  const stored = useQuery(inAppRulesQuery(scene.project));
  const save = useSaveRules(scene.project);
  const words = inApp ? 'in-app' : 'not in-app';
  const rule = choices[chosen]?.rule ?? '';
  const fault = stored.error ?? save.error;
  const add = () => {
    if (stored.data === undefined) return;
    save.mutate(
      { rules: withRule(stored.data, rule), before: stored.data, message: `Marked as ${words}.` },
      { onSuccess: onClose },
    );
  };
  return (
    <Dialog title={`Mark as ${words}`} onClose={onClose}>
      <fieldset className={styles.choices}>
        <legend>Which frames of the project</legend>
        {choices.map(({ what, rule: each }, index) => (
          <label key={each}>
            <input type="radio" name={name} checked={index === chosen} onChange={() => setChosen(index)} />
            {what}
          </label>
        ))}
      </fieldset>
      <p>This rule is added at the end of the project’s in-app rules:</p>
      <pre className={styles.rule}>{rule}</pre>
      <p className={styles.help}>
        It counts for every event of the project as it is looked at, older ones too. Issues stay grouped as they are.
      </p>
      <DialogActions>
        {fault && (
          <p role="alert" className={styles.fault}>
            {fault.message}
          </p>
        )}
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" disabled={stored.data === undefined || save.isPending} onClick={add}>
          {save.isPending ? 'Adding…' : 'Add the rule'}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
