import { useLocation } from 'react-router';
import { Checkbox } from './checkbox.tsx';
import { Dialog } from './dialog.tsx';
import { type ShortcutGroup, shortcutGroups } from './shortcut-groups.ts';
import styles from './shortcut-sheet.module.css';
import { setCharacterKeys, useCharacterKeys } from './shortcuts.ts';

/** The `?` sheet: the keys of this page, then those of the others, and the switch that turns them off. */
export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const { pathname } = useLocation();
  const areOn = useCharacterKeys();
  const groups = shortcutGroups();
  const here = groups.filter(({ at }) => at.test(pathname));
  const elsewhere = groups.filter(({ at }) => !at.test(pathname));
  return (
    <Dialog title="Keyboard shortcuts" wide onClose={onClose}>
      <Checkbox label="Shortcuts of single keys" checked={areOn} onChange={setCharacterKeys}>
        Turned off, keys with one character do nothing by themselves, and this sheet is in the user menu.
      </Checkbox>
      <Groups name="On this page" groups={here} />
      {elsewhere.length > 0 && <Groups name="On other pages" groups={elsewhere} />}
    </Dialog>
  );
}

function Groups({ name, groups }: { name: string; groups: ShortcutGroup[] }) {
  return (
    <section className={styles['groups']} aria-label={name}>
      <h3>{name}</h3>
      <div>
        {groups.map(({ title, entries }) => (
          <section key={title} aria-label={title}>
            <h4>{title}</h4>
            <dl>
              {entries.map(([names, what]) => (
                <div key={what}>
                  <dt>{what}</dt>
                  <dd>
                    {names.map((keys) => (
                      <Keys key={keys} keys={keys} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </section>
  );
}

/** "j k" is one key after the other, "Ctrl + Alt + C" all at once. */
function Keys({ keys }: { keys: string }) {
  const words = keys.split(' ');
  return (
    <span className={styles['keys']}>
      {words.map((word, place) =>
        word === '+' ? (
          '+'
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: "j j" is the same key twice
          <kbd key={place}>{word}</kbd>
        ),
      )}
    </span>
  );
}
