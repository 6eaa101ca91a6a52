import { useId } from 'react';
import { Popover, PopoverItem } from '../components/popover.tsx';
import type { DisplayChoice } from './display-choices.ts';
import type { DisplayOptions } from './display-options.ts';
import styles from './display-toolbar.module.css';
import { useCopy } from './use-copy.ts';

type Props = {
  options: DisplayOptions;
  onChange: (change: Partial<DisplayOptions>) => void;
  /** Is there nothing that the relevant view would leave out? */
  hasOnlyFull: boolean;
  /** One frame and one exception have no order. */
  isOrderFixed: boolean;
  choices: readonly DisplayChoice[];
  /** The stack trace as its language prints it, and as Markdown. */
  text: () => Promise<string>;
  markdown: () => Promise<string>;
  /** Somebody is about to copy. */
  onNearCopy: () => void;
  onEditRules: () => void;
  /** Opens or closes the frames of every stack trace. */
  onToggleFrames: (isOpen: boolean) => void;
};

const views: { view: DisplayOptions['view']; label: string; help: string }[] = [
  { view: 'relevant', label: 'Relevant', help: 'Frames of your own code, and what called it' },
  { view: 'full', label: 'Full', help: 'Every frame that was sent' },
  { view: 'raw', label: 'Raw', help: 'As text, the way the language prints it' },
];

/** Which frames, in which order, and in which form; for all stack traces of the event at once. */
export function DisplayToolbar(props: Props) {
  const { options, onChange, hasOnlyFull, isOrderFixed, text, markdown, onNearCopy } = props;
  const name = useId();
  const copy = useCopy();
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
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only notices who comes near its buttons */}
      <span className={styles.end} onPointerEnter={onNearCopy} onFocus={onNearCopy}>
        <Choices {...props} />
        <Popover label="Copy stack trace" icon="copy" showLabel={false} look="quiet">
          {(close) => (
            <>
              <PopoverItem onClick={() => copy(text(), 'the stack trace as text').then(close)}>
                Copy as text
              </PopoverItem>
              <PopoverItem onClick={() => copy(markdown(), 'the stack trace as Markdown').then(close)}>
                Copy as Markdown
              </PopoverItem>
            </>
          )}
        </Popover>
      </span>
    </div>
  );
}

/** Switches that are set once and kept; the button tells how many of those that apply here are on. */
function Choices({ options, onChange, choices, onEditRules, onToggleFrames }: Props) {
  const active = choices.filter((choice) => options[choice.name] && !choice.whyNot).length;
  return (
    <Popover label={active > 0 ? `Options (${active} on)` : 'Options'} look="quiet">
      {(close) => (
        <>
          <fieldset className={styles.choices}>
            <legend className={styles.unseen}>How frames are shown</legend>
            {choices.map(({ name, label, whyNot }) => (
              <label key={name} title={whyNot ?? undefined}>
                <input
                  type="checkbox"
                  checked={options[name]}
                  disabled={!!whyNot}
                  onChange={(event) => onChange({ [name]: event.target.checked })}
                />
                <span>
                  {label}
                  {whyNot && <small>{whyNot}</small>}
                </span>
              </label>
            ))}
          </fieldset>
          <div className={styles.rules}>
            {options.view !== 'raw' &&
              [true, false].map((isOpen) => (
                <PopoverItem key={String(isOpen)} onClick={() => [close(), onToggleFrames(isOpen)]}>
                  {isOpen ? 'Expand' : 'Collapse'} all frames
                </PopoverItem>
              ))}
            <PopoverItem onClick={() => [close(), onEditRules()]}>In-app rules…</PopoverItem>
          </div>
        </>
      )}
    </Popover>
  );
}
