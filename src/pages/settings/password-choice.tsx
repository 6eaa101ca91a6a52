import { useState } from 'react';
import { MIN_PASSWORD_LENGTH } from '../../../server/protocol/contract.ts';
import { Checkbox } from '../../components/checkbox.tsx';
import { PasswordField } from '../../components/field.tsx';
import styles from './forms.module.css';
import { passwordFault } from './password-rule.ts';
import type { Values } from './use-form.ts';

/** A password that the server makes, or one that is typed under `password`. */
export function PasswordChoice({ fault }: { fault: string | undefined }) {
  const [isMade, setMade] = useState(true);
  return (
    <div className={styles['choice']}>
      {isMade && <input type="hidden" name="isMade" value="yes" />}
      <Checkbox label="Make a password" checked={isMade} onChange={setMade}>
        A long random one, shown to you once.
      </Checkbox>
      {!isMade && (
        <PasswordField
          label="Password"
          name="password"
          autoComplete="new-password"
          hint={`At least ${MIN_PASSWORD_LENGTH} characters.`}
          fault={fault}
        />
      )}
    </div>
  );
}

/** The fields of the choice, each with how the server speaks of it. */
export const passwordChoiceFields = { password: /password/i, isMade: /^isMade/ };
type ChoiceValues = Values<keyof typeof passwordChoiceFields>;

/** What was chosen; null: the server is to make one. */
export const chosenPassword = (value: ChoiceValues): string | null => (value('isMade') ? null : value('password'));

export function choiceFault(value: ChoiceValues): { password?: string } {
  const chosen = chosenPassword(value);
  return chosen === null ? {} : passwordFault('password', chosen);
}
