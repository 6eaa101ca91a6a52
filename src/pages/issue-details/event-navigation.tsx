import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { Event, Issue } from '../../../server/protocol/contract.ts';
import { eventQuery } from '../../api/events.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { formatCount } from '../../components/numbers.ts';
import { ShortcutSheet } from '../../components/shortcut-sheet.tsx';
import { useShortcuts } from '../../components/shortcuts.ts';
import { TimeAgo } from '../../components/time-ago.tsx';
import styles from './event-navigation.module.css';

const RawJson = lazy(async () => ({ default: (await import('./raw-json.tsx')).RawJson }));

const places = [
  { alias: 'oldest', label: 'First', key: 'H' },
  { alias: 'latest', label: 'Last', key: 'L' },
  { alias: 'recommended', label: 'Recommended', key: ';' },
] as const;

const keys: [string[], string][] = [
  [['h'], 'Previous event'],
  [['l'], 'Next event'],
  [['H', 'L', ';'], 'First, last, recommended event'],
  [['t'], 'All events'],
  [['r'], 'Resolve or unresolve'],
  [['i'], 'Archive or unarchive'],
  [['b'], 'Bookmark'],
  [[',', '.', "'"], 'Copy address, short id, event id'],
  [['?'], 'This sheet'],
];

type Props = { issue: Issue; event: Event /** The URL's word for the event: an id or an alias. */; shown: string };

/** From event to event of the issue, which one it is, and its raw form. */
export function EventNavigation({ issue, event, shown }: Props) {
  const base = `/issues/${issue.id}/events/`;
  const [dialog, setDialog] = useState<'json' | 'keys' | null>(null);
  useEventKeys({ issue, event, base, onShowKeys: () => setDialog('keys') });
  return (
    <nav className={styles['navigation']} aria-label="Events">
      <Neighbour issueId={issue.id} base={base} eventId={event.previousEventID} icon="left" label="Previous event" />
      <Neighbour issueId={issue.id} base={base} eventId={event.nextEventID} icon="right" label="Next event" />
      {places.map(({ alias, label }) => (
        <Link
          key={alias}
          className={styles['place']}
          to={`${base}${alias}/`}
          aria-current={alias === shown || undefined}
        >
          {label}
        </Link>
      ))}
      <Link className={styles['place']} to={base}>
        All {formatCount(issue.count)}
      </Link>
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
        <Button look="quiet" onClick={() => setDialog('json')}>
          JSON
        </Button>
      </span>
      {dialog === 'json' && (
        <Suspense>
          <RawJson project={issue.project.slug} eventId={event.eventID} onClose={() => setDialog(null)} />
        </Suspense>
      )}
      {dialog === 'keys' && <ShortcutSheet keys={keys} onClose={() => setDialog(null)} />}
    </nav>
  );
}

type NeighbourProps = {
  issueId: string;
  base: string;
  eventId: string | null | undefined;
  icon: 'left' | 'right';
  label: string;
};

/** A link to a neighbour, which is fetched as soon as the pointer is over it. */
function Neighbour({ issueId, base, eventId, icon, label }: NeighbourProps) {
  const queryClient = useQueryClient();
  if (!eventId) return <Button look="quiet" icon={icon} aria-label={label} disabled />;
  const prefetch = () => void queryClient.prefetchQuery(eventQuery(issueId, eventId));
  return (
    <ButtonLink
      look="quiet"
      icon={icon}
      aria-label={label}
      to={`${base}${eventId}/`}
      onPointerEnter={prefetch}
      onFocus={prefetch}
    />
  );
}

function useEventKeys({
  issue,
  event,
  base,
  onShowKeys,
}: Omit<Props, 'shown'> & { base: string; onShowKeys: () => void }) {
  const navigate = useNavigate();
  const go = (eventId: string | null | undefined) => eventId && void navigate(`${base}${eventId}/`);
  const copy = (text: string) => void navigator.clipboard?.writeText(text).catch(() => undefined);
  useShortcuts({
    h: () => go(event.previousEventID),
    l: () => go(event.nextEventID),
    ...Object.fromEntries(places.map(({ key, alias }) => [key, () => go(alias)])),
    t: () => void navigate(base),
    ',': () => copy(new URL(`/issues/${issue.id}/`, window.location.href).href),
    '.': () => copy(issue.shortId),
    "'": () => copy(event.eventID),
    '?': onShowKeys,
  });
}
