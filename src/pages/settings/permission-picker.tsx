import type { Permission } from '../../../server/protocol/contract.ts';
import { Checkbox } from '../../components/checkbox.tsx';
import styles from './permission-picker.module.css';
import { includedBy, permissionGroups } from './permission-words.ts';

type Props = {
  given: readonly Permission[];
  onChange: (given: Permission[]) => void;
  /** A sentence more about one, such as that it has no effect. */
  noteOf?: (permission: Permission) => string | null;
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
            const note = includer ? `Included in ${includer}.` : noteOf?.(id);
            return (
              <Checkbox
                key={id}
                label={label}
                code={id}
                checked={includer !== null || given.includes(id)}
                disabled={includer !== null}
                onChange={(checked) => change(id, checked)}
              >
                {about} {note && <span className={styles['note']}>{note}</span>}
              </Checkbox>
            );
          })}
        </fieldset>
      ))}
    </div>
  );
}
