import { useQuery } from '@tanstack/react-query';
import { sourceRootsQuery } from '../../api/code-mappings.ts';
import { Copyable } from '../setup/copyable.tsx';
import styles from './code-mappings-page.module.css';

const config = `source.roots:
  - /srv/checkouts`;
const environment = 'STACKMEND_SOURCE_ROOTS=/srv/checkouts';

/** Folders below which the server may read checkouts; null while that is not known. */
export function useSourceRoots(): readonly string[] | null {
  return useQuery(sourceRootsQuery).data?.roots ?? null;
}

/** What whoever runs the server has to set before any checkout is read. */
export function RootsMissing() {
  return (
    <section className={styles['missing']} aria-label="No checkout can be read yet">
      <p>
        <b>No checkout can be read yet.</b> Whoever runs this server first names the folder that holds checkouts, in the
        file or the environment, and restarts it:
      </p>
      <RootsExample />
      <p>{exceptions}</p>
    </section>
  );
}

/** Below which folders checkouts are read, and how there are more. @param isOpen a mapping waits for it */
export function RootsHelp({ roots, isOpen }: { roots: readonly string[]; isOpen: boolean }) {
  return (
    <details className={styles['roots']} open={isOpen}>
      <summary>Which folders the server may read</summary>
      <div>
        <p>
          Checkouts below{' '}
          {roots.map((root, index) => (
            <span key={root}>
              {index > 0 && ', '}
              <code>{root}</code>
            </span>
          ))}
          . Whoever runs the server can add to them, and restarts it afterwards. {exceptions}
        </p>
        <RootsExample />
      </div>
    </details>
  );
}

function RootsExample() {
  return (
    <>
      <Copyable title="config.yml" code={config} language="yaml" />
      <Copyable title="Or in its environment" code={environment} language="bash" />
    </>
  );
}

const exceptions = (
  <>
    Who may see events can then read the source in it, but for <code>.env</code> files, keys and what{' '}
    <code>source.deny</code> lists.
  </>
);
