import { useState } from 'react';
import { showControls } from '../../../components/annotated-text-controls.ts';
import { metaAt } from '../../../components/annotated-text-meta.ts';
import { Button } from '../../../components/button.tsx';
import { Icon } from '../../../components/icon.tsx';
import { StructuredValue } from '../../../components/structured-value.tsx';
import styles from './view-hierarchy.module.css';

/** Levels that are open at first, and children that are drawn at once. */
const openDepth = 3;
const pageSize = 100;

/** The tree of views that was on the screen, as the SDK wrote it (Sentry's `view-hierarchy.json`). */
export function ViewHierarchy({ text }: { text: string }) {
  const tree = parse(text);
  const windows = metaAt(tree, 'windows');
  if (!Array.isArray(windows)) {
    return <p className={styles['note']}>It is called a view hierarchy, but has no windows that could be read.</p>;
  }
  const system = metaAt(tree, 'rendering_system');
  return (
    <div className={styles['tree']}>
      <p className={styles['note']}>
        {windows.length} {windows.length === 1 ? 'window' : 'windows'}
        {typeof system === 'string' && `, drawn by ${showControls(system)}`}
      </p>
      <Views views={windows} depth={0} label="Windows" />
    </div>
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function Views({ views, depth, label }: { views: unknown[]; depth: number; label: string }) {
  const [shown, setShown] = useState(pageSize);
  return (
    <ul aria-label={label}>
      {views.slice(0, shown).map((view, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: views have no identity but their place
        <li key={index}>
          <View view={view} depth={depth} />
        </li>
      ))}
      {views.length > shown && (
        <li>
          <Button look="quiet" onClick={() => setShown(shown + pageSize)}>
            Show more of {views.length - shown}
          </Button>
        </li>
      )}
    </ul>
  );
}

function View({ view, depth }: { view: unknown; depth: number }) {
  const [isOpen, setOpen] = useState(depth < openDepth);
  const [hasRest, setRest] = useState(false);
  const { name, place, isHidden, rest } = describe(view);
  const children = metaAt(view, 'children');
  const views = Array.isArray(children) ? children : [];
  return (
    <>
      <span className={styles['view']} data-hidden={isHidden || undefined}>
        {views.length > 0 ? (
          <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            <Icon name="down" />
            {name}
          </button>
        ) : (
          <span className={styles['leaf']}>{name}</span>
        )}
        <span className={styles['place']}>{place}</span>
        {isHidden && <span className={styles['place']}>hidden</span>}
        {rest && (
          <Button look="quiet" aria-expanded={hasRest} aria-label={`More of ${name}`} onClick={() => setRest(!hasRest)}>
            …
          </Button>
        )}
      </span>
      {hasRest && rest && <StructuredValue value={rest} name={name} />}
      {isOpen && views.length > 0 && <Views views={views} depth={depth + 1} label={`Inside ${name}`} />}
    </>
  );
}

const told = ['type', 'identifier', 'children', 'width', 'height', 'x', 'y', 'visible'];

function describe(view: unknown) {
  const text = (key: string) => {
    const value = metaAt(view, key);
    return typeof value === 'string' && value !== '' ? showControls(value) : null;
  };
  const numbers = (...keys: string[]) =>
    keys.map((key) => metaAt(view, key)).filter((value) => typeof value === 'number');
  const size = numbers('width', 'height').map((value) => Math.round(value));
  const at = numbers('x', 'y').map((value) => Math.round(value));
  const isObject = typeof view === 'object' && view !== null;
  const more = isObject ? Object.entries(view).filter(([key]) => !told.includes(key)) : [];
  return {
    name: [text('type') ?? 'view', text('identifier')].filter(Boolean).join(' #'),
    place: [size.length === 2 ? size.join('×') : '', at.length === 2 ? `at ${at.join(', ')}` : '']
      .filter(Boolean)
      .join(' '),
    isHidden: metaAt(view, 'visible') === false || metaAt(view, 'visibility') === 'gone',
    rest: more.length > 0 ? Object.fromEntries(more) : null,
  };
}
