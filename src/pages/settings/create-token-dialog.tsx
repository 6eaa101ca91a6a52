import { useState } from 'react';
import type { ApiToken, Permission } from '../../../server/protocol/contract.ts';
import { createToken } from '../../api/api-tokens.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { TextField } from '../../components/field.tsx';
import styles from './forms.module.css';
import { Refusal } from './panel.tsx';
import { PermissionPicker } from './permission-picker.tsx';
import { useForm } from './use-form.ts';

const presets: readonly { label: string; scopes: readonly Permission[] }[] = [
  { label: 'CI: upload source maps and coverage', scopes: ['project:releases', 'project:read', 'org:read'] },
  { label: 'Read only', scopes: ['event:read', 'attachment:read', 'project:read', 'org:read'] },
  { label: 'Import events', scopes: ['event:write'] },
];
const isSame = (one: readonly Permission[], other: readonly Permission[]) =>
  one.length === other.length && one.every((scope) => other.includes(scope));

type Props = { own: readonly string[]; onCreated: (token: ApiToken) => void; onClose: () => void };

/** @param own what the user may do in effect: more can be chosen, and begins to count when the user gets it */
export function CreateTokenDialog({ own, onCreated, onClose }: Props) {
  const [scopes, setScopes] = useState<readonly Permission[]>(presets[0]?.scopes ?? []);
  const { form, onSubmit, faults, refusal, isPending } = useForm({
    fields: { name: /name/i },
    check: (value): { name?: string } =>
      value('name').trim() ? {} : { name: 'Name the token, so that you know later what uses it.' },
    send: (value) => createToken({ name: value('name').trim(), scopes: [...scopes] }),
    onDone: onCreated,
  });
  return (
    <Dialog title="Create an API token" wide onClose={onClose}>
      <form ref={form} className={styles['form']} noValidate onSubmit={onSubmit}>
        <div className={styles['pair']}>
          <TextField label="Name" name="name" autoComplete="off" placeholder="CI of the shop" fault={faults.name} />
        </div>
        <fieldset className={styles['presets']}>
          <legend>What it is for</legend>
          {presets.map((preset) => (
            <Button
              key={preset.label}
              aria-pressed={isSame(preset.scopes, scopes)}
              onClick={() => setScopes(preset.scopes)}
            >
              {preset.label}
            </Button>
          ))}
        </fieldset>
        <PermissionPicker
          given={scopes}
          onChange={setScopes}
          noteOf={(scope, isChosen) =>
            own.includes(scope)
              ? null
              : { text: 'Has no effect until you have it.', ...(isChosen && { tone: 'warning' }) }
          }
        />
        <DialogActions>
          <Refusal text={refusal} />
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={isPending || scopes.length === 0}>
            {isPending ? 'Creating…' : 'Create the token'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
