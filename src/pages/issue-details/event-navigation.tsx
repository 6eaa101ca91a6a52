import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, useEffect, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { Event, Issue } from '../../../server/protocol/contract.ts';
import { countFilters, type EventFilter } from '../../api/event-filter.ts';
import { eventQuery, isAlias, isWithinFilterQuery } from '../../api/events.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { LateCode } from '../../components/late-code.tsx';
import { formatCount } from '../../components/numbers.ts';
import { useShortcuts } from '../../components/shortcuts.ts';
import { TimeAgo } from '../../components/time-ago.tsx';
import { whenIdle } from '../../components/use-idle.ts';
import { useCopy } from '../../frame/use-copy.ts';
import { CopyForAiButton } from './copy-for-ai-button.tsx';
import styles from './event-navigation.module.css';
import { useEventFilter } from './use-event-filter.ts';
import { useSectionKeys } from './use-section-keys.ts';

const RawJson = lazy(async () => ({ default: (await import('./raw-json.tsx')).RawJson }));

const places = [
  { alias: 'oldest', label: 'First', key: 'H' },
  { alias: 'latest', label: 'Last', key: 'L' },
  { alias: 'recommended', label: 'Recommended', key: ';' },
] as const;

type Props = { issue: Issue; event: Event /** The URL's word for the event: an id or an alias. */; shown: string };

/** From event to event of the issue, which one it is, and its raw form. */
export function EventNavigation({ issue, event, shown }: Props) {
  const base = `/issues/${issue.id}/events/`;
  const { filter, search } = useEventFilter();
  const neighbours = { issueId: issue.id, base, filter, search };
  const [showsJson, setShowsJson] = useState(false);
  useEventKeys({ issue, event, base, search });
  useSectionKeys();
  return (
    <nav className={styles['navigation']} aria-label="Events">
      <Neighbour {...neighbours} eventId={event.previousEventID} icon="left" label="Previous event" />
      <Neighbour {...neighbours} eventId={event.nextEventID} icon="right" label="Next event" />
      {places.map(({ alias, label }) => (
        <Link
          key={alias}
          className={styles['place']}
          to={`${base}${alias}/${search}`}
          aria-current={alias === shown || undefined}
        >
          {label}
        </Link>
      ))}
      <Link className={styles['place']} to={`${base}${search}`}>
        {search ? 'All that match' : `All ${formatCount(issue.count)}`}
      </Link>
      {countFilters(filter) > 0 && !isAlias(shown) && (
        <OutsideNote issueId={issue.id} eventId={event.eventID} filter={filter} />
      )}
      <span className={styles['which']}>
        <code title={event.eventID}>{event.eventID.slice(0, 8)}</code>
        <CopyButton label="Copy event id" text={event.eventID} />
        <span className={styles['time']}>
          <TimeAgo date={event.dateCreated} />
        </span>
        {event.errors.length > 0 && (
          <a className={styles['errors']} href="#processing-errors">
            {event.errors.length === 1 ? '1 processing error' : `${event.errors.length} processing errors`}
          </a>
        )}
        <Button look="quiet" onClick={() => setShowsJson(true)}>
          JSON
        </Button>
        <CopyForAiButton issue={issue} event={event} />
      </span>
      {showsJson && (
        <LateCode what="The raw JSON">
          <RawJson project={issue.project.slug} eventId={event.eventID} onClose={() => setShowsJson(false)} />
        </LateCode>
      )}
    </nav>
  );
}

/** An event that was named by its address is shown whatever the filter says; only the others are of the filter. */
function OutsideNote({ issueId, eventId, filter }: { issueId: string; eventId: string; filter: EventFilter }) {
  const isWithin = useQuery(isWithinFilterQuery(issueId, eventId, filter));
  return isWithin.data === false && <span className={styles['outside']}>This event is outside the filter</span>;
}

type NeighbourProps = {
  issueId: string;
  base: string;
  filter: EventFilter;
  search: string;
  eventId: string | null | undefined;
  icon: 'left' | 'right';
  label: string;
};

/** A link to a neighbour, which is fetched as soon as the page has a moment, or the pointer is over it. */
function Neighbour({ issueId, base, filter, search, eventId, icon, label }: NeighbourProps) {
  const queryClient = useQueryClient();
  useEffect(() => {
    if (eventId) return whenIdle(() => void queryClient.prefetchQuery(eventQuery(issueId, eventId, filter)));
  }, [queryClient, issueId, eventId, filter]);
  if (!eventId) return <Button look="quiet" icon={icon} aria-label={label} disabled />;
  const prefetch = () => void queryClient.prefetchQuery(eventQuery(issueId, eventId, filter));
  return (
    <ButtonLink
      look="quiet"
      icon={icon}
      aria-label={label}
      to={`${base}${eventId}/${search}`}
      onPointerEnter={prefetch}
      onFocus={prefetch}
    />
  );
}

type KeyProps = Omit<Props, 'shown'> & { base: string; search: string };

function useEventKeys({ issue, event, base, search }: KeyProps) {
  const navigate = useNavigate();
  const go = (eventId: string | null | undefined) => eventId && void navigate(`${base}${eventId}/${search}`);
  const copy = useCopy();
  useShortcuts({
    h: () => go(event.previousEventID),
    l: () => go(event.nextEventID),
    ...Object.fromEntries(places.map(({ key, alias }) => [key, () => go(alias)])),
    't e': () => void navigate(`${base}${search}`),
    ',': () => void copy(new URL(`/issues/${issue.id}/`, window.location.href).href, 'the address of the issue'),
    '.': () => void copy(issue.shortId, issue.shortId),
    "'": () => void copy(event.eventID, 'the event id'),
  });
}
