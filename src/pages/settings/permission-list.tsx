import { Badge } from '../../components/badge.tsx';
import styles from './permission-list.module.css';
import { expandPermissions, hasAllPermissions, permissionGroups, shortestPermissions } from './permission-words.ts';

/** Permissions by their code names, each with its plain words as a title; what others include is left out. */
export function PermissionCodes({ given }: { given: readonly string[] }) {
  if (hasAllPermissions(given)) return <Badge tone="info">All permissions</Badge>;
  const shortest = shortestPermissions(given);
  if (shortest.length === 0) return <span className={styles['none']}>None</span>;
  return (
    <span className={styles['codes']}>
      {shortest.map((permission) => (
        <code key={permission} title={wordsOf(permission)}>
          {permission}
        </code>
      ))}
    </span>
  );
}

const wordsOf = (permission: string) =>
  permissionGroups.flatMap(({ permissions }) => permissions).find(({ id }) => id === permission)?.label;

/** What permissions allow, in plain words, by group; then what they do not. */
export function PermissionWords({ given }: { given: readonly string[] }) {
  const effective: readonly string[] = expandPermissions(given);
  return (
    <dl className={styles['words']}>
      {permissionGroups.map(({ title, permissions }) => (
        <div key={title}>
          <dt>{title}</dt>
          {permissions.map(({ id, label, about }) => {
            const isGiven = effective.includes(id);
            return (
              <dd key={id} data-given={isGiven} title={id}>
                <span aria-hidden="true">{isGiven ? '✓' : '–'}</span>
                <span>
                  {label}
                  {isGiven ? <small>{about}</small> : <small>Not allowed to you.</small>}
                </span>
              </dd>
            );
          })}
        </div>
      ))}
    </dl>
  );
}
