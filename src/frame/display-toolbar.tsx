import { useId } from 'react';
import { Button } from '../components/button.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import type { DisplayOptions } from './display-options.ts';
import styles from './display-toolbar.module.css';

type Props = {
  options: DisplayOptions;
  onChange: (change: Partial<DisplayOptions>) => void;
  /** Is there nothing that the relevant view would leave out? */
  hasOnlyFull: boolean;
  /** One frame and one exception have no order. */
  isOrderFixed: boolean;
  hasMinified: boolean;
  /** The stack trace as text. */
  text: () => string;
};

const views: { view: DisplayOptions['view']; label: string; help: string }[] = [
  { view: 'relevant', label: 'Relevant', help: 'Frames of your own code, and what called it' },
  { view: 'full', label: 'Full', help: 'Every frame that was sent' },
  { view: 'raw', label: 'Raw', help: 'As text, the way the language prints it' },
];

/** Which frames, in which order, and in which form; for all stack traces of the event at once. */
export function DisplayToolbar({ options, onChange, hasOnlyFull, isOrderFixed, hasMinified, text }: Props) {
  const name = useId();
  return (
    <div className={styles.bar}>
      <fieldset className={styles.views}>
        <legend className={styles.unseen}>Frames shown</legend>
        {views.map(({ view, label, help }) => {
          const isOff = view === 'relevant' && hasOnlyFull;
          return (
            <label key={view} title={isOff ? 'Only the full version is available' : help}>
              <input
                type="radio"
                name={name}
                checked={options.view === view}
                disabled={isOff}
                onChange={() => onChange({ view })}
              />
              {label}
            </label>
          );
        })}
      </fieldset>
      <label className={styles.order}>
        <span className={styles.unseen}>Order of frames</span>
        <select
          value={options.order}
          disabled={isOrderFixed || options.view === 'raw'}
          onChange={(event) => onChange({ order: event.target.value === 'oldest' ? 'oldest' : 'newest' })}
        >
          <option value="newest">Newest first</option>
          <option value="oldest">Oldest first</option>
        </select>
      </label>
      {hasMinified && (
        <Button
          look="quiet"
          aria-pressed={options.isMinified}
          title="What was sent, before source maps were applied"
          onClick={() => onChange({ isMinified: !options.isMinified })}
        >
          Minified
        </Button>
      )}
      <span className={styles.end}>
        <CopyButton label="Copy stack trace" text={text} />
      </span>
    </div>
  );
}
