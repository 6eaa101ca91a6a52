import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { releasesQuery } from '../../api/activity.ts';
import { Dialog } from '../../components/dialog.tsx';
import { TextField } from '../../components/field.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import styles from './release-dialog.module.css';

type Props = { project: string; onClose: () => void; onPick: (version: string) => void };

/** Which release an issue is fixed in: the newest hundred, and any other by its whole name. */
export function ReleaseDialog({ project, onClose, onPick }: Props) {
  const releases = useQuery(releasesQuery(project));
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const found = (releases.data ?? []).filter(({ version }) => version.toLowerCase().includes(wanted));
  const [isUnclear, setUnclear] = useState(false);
  const pickTyped = () => {
    const exact =
      found.find(({ version }) => version.toLowerCase() === wanted) ?? (found.length === 1 ? found[0] : null);
    // One that is older than those of the list is asked for by its name.
    if (exact || found.length === 0) onPick(exact ? exact.version : search.trim());
    else setUnclear(true);
  };
  return (
    <Dialog title="Resolved in which release?" onClose={onClose}>
      <form
        onSubmit={(submit) => {
          submit.preventDefault();
          if (wanted) pickTyped();
        }}
      >
        <TextField
          label="Release"
          isCode
          autoComplete="off"
          spellCheck={false}
          value={search}
          fault={isUnclear ? 'Several are called so. Choose one of the list.' : null}
          hint="An event of a newer release makes the issue unresolved again."
          onChange={(event) => {
            setUnclear(false);
            setSearch(event.target.value);
          }}
        />
      </form>
      {releases.isPending && <Skeleton label="Loading the releases" rows={4} />}
      {releases.isError && (
        <p role="alert">The releases could not be loaded: {releases.error.message} Write one as the SDK sends it.</p>
      )}
      {releases.data && found.length === 0 && (
        <p role="status">{wanted ? 'None of the newest releases is called so.' : 'The project has no release yet.'}</p>
      )}
      {found.length > 0 && (
        <ul className={styles['releases']} aria-label="Releases">
          {found.map(({ version, dateCreated }) => (
            <li key={version}>
              <button type="button" title={version} onClick={() => onPick(version)}>
                <code>{version}</code>
                <span>
                  <TimeAgo date={dateCreated} />
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
