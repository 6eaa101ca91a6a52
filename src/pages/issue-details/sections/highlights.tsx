import { Link } from 'react-router';
import type { Event } from '../../../../server/protocol/contract.ts';
import { filterSearch } from '../../../api/event-filter.ts';
import { showControls } from '../../../components/annotated-text-controls.ts';
import { Boundary } from '../../../components/boundary.tsx';
import { CopyButton } from '../../../components/copy-button.tsx';
import { Icon } from '../../../components/icon.tsx';
import { useStoredFlag } from '../../../components/stored.ts';
import { tagQuery, withTerm } from '../tag-query.ts';
import { useEventFilter } from '../use-event-filter.ts';
import { type Fact, factsOf } from './facts.ts';
import styles from './highlights.module.css';

/**
 * The facts that explain most, on a line of their own above everything else. A click narrows this events to
 * those that share one; what cannot be searched is copied.
 */
export function Highlights({ event }: { event: Event }) {
  return (
    <Boundary what="The highlights" resetKey={event.id}>
      <Facts event={event} />
    </Boundary>
  );
}

function Facts({ event }: { event: Event }) {
  const [isOpen, setOpen] = useStoredFlag('stackmend-section-highlights', true);
  const facts = factsOf(event);
  if (facts.length === 0) return null;
  return (
    <section id="highlights" data-section className={styles['highlights']} aria-label="Highlights">
      <button
        type="button"
        className={styles['fold']}
        aria-expanded={isOpen}
        aria-label="Highlights"
        title={isOpen ? 'Fold the highlights' : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="down" />
        {!isOpen && 'Highlights'}
      </button>
      {isOpen && (
        <dl>
          {facts.map((fact) => (
            <div key={fact.label}>
              <dt>{fact.label}</dt>
              <dd>
                <Value fact={fact} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

function Value({ fact: { label, text, whole, tag, isBad } }: { fact: Fact }) {
  const { filter } = useEventFilter();
  if (tag === null) {
    return (
      <>
        <span title={showControls(whole)}>{showControls(text)}</span>
        <CopyButton label={`Copy ${label.toLowerCase()}`} text={whole} />
      </>
    );
  }
  const next =
    tag.key === 'environment'
      ? { ...filter, environment: tag.value }
      : { ...filter, query: withTerm(filter.query, tagQuery(tag.key, tag.value, tag['query'])) };
  return (
    <Link
      to={{ search: filterSearch(next) }}
      data-bad={isBad || undefined}
      title={`Only events of this issue with ${showControls(whole)}`}
      preventScrollReset
    >
      {showControls(text)}
    </Link>
  );
}
