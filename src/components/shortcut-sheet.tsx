import { Dialog } from './dialog.tsx';
import styles from './shortcut-sheet.module.css';

/** The `?` sheet: keys and what they do, in reading order. */
export function ShortcutSheet({ keys, onClose }: { keys: [keys: string[], what: string][]; onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <dl className={styles['sheet']}>
        {keys.map(([names, what]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>
              {names.map((name) => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
