import type { Permission } from '../../../server/protocol/contract.ts';
import { Checkbox } from '../../components/checkbox.tsx';
import styles from './permission-picker.module.css';
import { includedBy, permissionGroups } from './permission-words.ts';

/** A sentence more about a permission; `isBarred`: it cannot be chosen. */
export type PermissionNote = { text: string; tone?: 'warning'; isBarred?: boolean };
type Props = {
  given: readonly Permission[];
  onChange: (given: Permission[]) => void;
  noteOf: (permission: Permission, isGiven: boolean) => PermissionNote | null;
};

/** All permissions in groups. What another one includes is shown as given, and cannot be taken away alone. */
export function PermissionPicker({ given, onChange, noteOf }: Props) {
  const change = (permission: Permission, isGiven: boolean) =>
    onChange(isGiven ? [...given, permission] : given.filter((other) => other !== permission));
  return (
    <div className={styles['groups']}>
      {permissionGroups.map(({ title, permissions }) => (
        <fieldset key={title} className={styles['group']}>
          <legend>{title}</legend>
          {permissions.map(({ id, label, about }) => {
            const includer = includedBy(id, given);
            const isGiven = includer !== null || given.includes(id);
            const note: PermissionNote | null = includer
              ? { text: `Included in ${includer}.`, isBarred: true }
              : noteOf(id, isGiven);
            return (
              <Checkbox
                key={id}
                label={label}
                code={id}
                checked={isGiven}
                disabled={note?.isBarred ?? false}
                onChange={(checked) => change(id, checked)}
              >
                {about}{' '}
                {note && (
                  <span className={styles['note']} data-tone={note.tone}>
                    {note.text}
                  </span>
                )}
              </Checkbox>
            );
          })}
        </fieldset>
      ))}
    </div>
  );
}
