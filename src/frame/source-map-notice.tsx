import { useId, useState } from 'react';
import { Link } from 'react-router';
import { Button } from '../components/button.tsx';
import { Icon } from '../components/icon.tsx';
import { Sentences } from '../components/sentences.tsx';
import { commandsFor, type UploadTarget } from './source-map-commands.ts';
import { groupWords, type ReasonGroup, summaryOf } from './source-map-facts.ts';
import styles from './source-map-notice.module.css';
import { type Again, AgainButton, Commands, Nearest } from './source-map-parts.tsx';

type Props = {
  groups: readonly ReasonGroup[];
  target: UploadTarget;
  build: { release: string | null; dist: string | null };
  /** Null: it would change nothing. */
  again: Again | null;
  onDismiss: () => void;
};

/** One line above the frames that says why several are not mapped; unfolded, each reason with its next step. */
export function SourceMapNotice({ groups, target, build, again, onDismiss }: Props) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <>
      <div className={styles.head}>
        <button
          type="button"
          className={styles.fold}
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name="down" />
          {summaryOf(groups)}
        </button>
        <span className={styles.actions}>
          {again && <AgainButton again={again} />}
          <Button look="quiet" icon="close" aria-label="Do not show this again for the project" onClick={onDismiss} />
        </span>
      </div>
      <div id={id} className={styles.body} hidden={!isOpen}>
        {isOpen && (
          <>
            <ul className={styles.reasons} aria-label="Reasons">
              {groups.map((group) => (
                <li key={group.reason}>
                  {groups.length > 1 && <b>{groupWords(group)}</b>}
                  <Reason group={group} />
                  <Commands commands={commandsFor(group.reason, target, build, group.first.url)} />
                </li>
              ))}
            </ul>
            <p>
              <Link to={`/settings/source-maps/?project=${encodeURIComponent(target.project)}`}>
                Uploaded source maps of the project
              </Link>
            </p>
          </>
        )}
      </div>
    </>
  );
}

function Reason({ group: { first, count } }: { group: ReasonGroup }) {
  const { detail, nextStep, nearest, url } = first;
  return (
    <>
      {(detail || nextStep) && (
        <p>
          {detail && <Sentences text={detail} />} {nextStep && <Sentences text={nextStep} />}
        </p>
      )}
      {url && (
        <p>
          {count === 1 ? 'In' : 'The first is in'} <code>{url}</code>
        </p>
      )}
      <Nearest nearest={nearest} />
    </>
  );
}
