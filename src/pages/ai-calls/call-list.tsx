import { useId } from 'react';
import { Link } from 'react-router';
import type { AiCall } from '../../../server/protocol/contract.ts';
import { Badge } from '../../components/badge.tsx';
import { classNames } from '../../components/class-names.ts';
import { Icon } from '../../components/icon.tsx';
import { formatExact } from '../../components/numbers.ts';
import { TimeAgo } from '../../components/time-ago.tsx';
import { formatDuration } from '../../components/use-seconds.ts';
import { formatCost } from '../../suggestFix/format-cost.ts';
import rows from '../settings/rows.module.css';
import styles from './ai-calls.module.css';
import { CallDetail } from './call-detail.tsx';
import { errorWords, statusWords, userWords } from './call-words.ts';

type Props = {
  calls: readonly AiCall[];
  /** Is it about to be replaced? */
  isBusy: boolean;
  /** Id of the row that is open. */
  opened: string | null;
  onOpen: (id: string | null) => void;
};

/** One row a call; opened it shows what was sent and what came. */
export function CallList({ calls, isBusy, opened, onOpen }: Props) {
  return (
    <div className={classNames(rows['list'], styles['list'])} aria-busy={isBusy}>
      <div className={rows['head']} aria-hidden="true">
        <span>Issue</span>
        <span>Model</span>
        <span>Tokens</span>
        <span>Cost</span>
        <span>By</span>
        <span>When</span>
      </div>
      <ul aria-label="Calls to models">
        {calls.map((call) => (
          <CallRow
            key={call.id}
            call={call}
            isOpen={call.id === opened}
            onToggle={() => onOpen(call.id === opened ? null : call.id)}
          />
        ))}
      </ul>
    </div>
  );
}

function CallRow({ call, isOpen, onToggle }: { call: AiCall; isOpen: boolean; onToggle: () => void }) {
  const id = useId();
  const { issue, project, model, endpoint, status, cost, dateCreated, duration } = call;
  const { words, tone } = statusWords[status];
  return (
    <li className={styles['item']}>
      <div className={classNames(rows['row'], styles['row'])}>
        <div className={styles['name']}>
          <button
            type="button"
            className={styles['fold']}
            aria-label={`Call ${call.id}`}
            aria-describedby={`${id}-issue`}
            aria-expanded={isOpen}
            aria-controls={isOpen ? `${id}-detail` : undefined}
            onClick={onToggle}
          >
            <Icon name="down" />
          </button>
          <div id={`${id}-issue`}>
            {issue ? (
              <Link to={`/issues/${encodeURIComponent(issue.id)}/events/${encodeURIComponent(call.eventID)}/`}>
                {issue.shortId || `Issue ${issue.id}`}
              </Link>
            ) : (
              'An event from a file'
            )}
            <span>
              {project?.slug} <Badge tone={tone}>{words}</Badge> {errorWords(call)}
            </span>
          </div>
        </div>
        <div className={styles['model']}>
          {model}
          <span>{endpoint}</span>
        </div>
        <div className={classNames(rows['muted'], styles['tokens'])}>
          {tokensWords(call)}
          <span className={rows['label']}> tokens</span>
        </div>
        <div className={classNames(rows['muted'], styles['cost'])}>{cost == null ? 'no price' : formatCost(cost)}</div>
        <div className={classNames(rows['muted'], styles['user'])}>{userWords(call)}</div>
        <div className={classNames(rows['muted'], styles['date'])}>
          <TimeAgo date={dateCreated} isFocusable={false} />
          <span>{formatDuration(duration)}</span>
        </div>
      </div>
      {isOpen && (
        <div id={`${id}-detail`} className={styles['content']}>
          <CallDetail id={call.id} />
        </div>
      )}
    </li>
  );
}

function tokensWords({ inputTokens, outputTokens, tokensFrom }: AiCall): string {
  const about = tokensFrom === 'estimate' ? '~' : '';
  const of = (count: number | null | undefined) => (count == null ? '?' : about + formatExact(count));
  return `${of(inputTokens)} + ${of(outputTokens)}`;
}
