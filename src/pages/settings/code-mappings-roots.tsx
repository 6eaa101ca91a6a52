import { Copyable } from '../setup/copyable.tsx';
import styles from './code-mappings-page.module.css';

const config = `source.roots:
  - /srv/checkouts`;

/** What whoever runs the server has to set before any checkout is read. @param isOpen a mapping waits for it */
export function RootsHelp({ isOpen }: { isOpen: boolean }) {
  return (
    <details className={styles['roots']} open={isOpen}>
      <summary>Which folders the server may read</summary>
      <div>
        <p>
          None, until whoever runs the server names them: a checkout is read only below a folder of{' '}
          <code>source.roots</code>. Who may see events can then read its source, but for <code>.env</code> files, keys
          and what <code>source.deny</code> lists. Restart the server afterwards.
        </p>
        <Copyable title="config.yml" code={config} language="yaml" />
      </div>
    </details>
  );
}
