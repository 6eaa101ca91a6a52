import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { CoverageMatches } from '../../../server/protocol/contract.ts';
import { coverageMatchesQuery } from '../../api/coverage.ts';
import { Button } from '../../components/button.tsx';
import { formatExact } from '../../components/numbers.ts';
import { Skeleton } from '../../components/skeleton.tsx';
import styles from './coverage-list.module.css';

/** Which frames of the newest events a report speaks of, and which files of frames it lacks. */
export function CoverageMatchesView({ project, id }: { project: string; id: string }) {
  const matches = useQuery(coverageMatchesQuery(project, id));
  if (matches.isPending) return <Skeleton label="Loading what it matches" rows={2} />;
  if (!matches.data) {
    return (
      <p role="alert">
        What it matches could not be loaded: {matches.error?.message}{' '}
        <Button onClick={() => matches.refetch()}>Try again</Button>
      </p>
    );
  }
  const { events, frames, unmatched } = matches.data;
  if (events === 0) {
    return <p>No event of its release or commit came yet, so there is nothing to match.</p>;
  }
  return (
    <div className={styles['matches']}>
      <p>{sentence(matches.data)}</p>
      {unmatched.length > 0 && (
        <>
          <p className={styles['missing']}>Files of frames that it lacks</p>
          <ul className={styles['unmatched']} aria-label="Files of frames that it lacks">
            {unmatched.map(({ path, frames: count, nearest }) => (
              <li key={path}>
                <div>
                  <code>{path}</code>
                  <span>{counted(count, 'frame')}</span>
                </div>
                <div className={styles['nearest']}>
                  {nearest.length === 0 ? 'No file of the report is near.' : 'Nearest in the report:'}
                  {nearest.map((near) => (
                    <code key={near}>{near}</code>
                  ))}
                </div>
              </li>
            ))}
          </ul>
          <p className={styles['nearest']}>
            A <Link to={`/settings/code-mappings/?project=${encodeURIComponent(project)}`}>code mapping</Link> tells
            which file of the repository a frame’s path is.
          </p>
        </>
      )}
      {unmatched.length === 0 && frames > 0 && <p>It has every file that these frames are in.</p>}
    </div>
  );
}

const counted = (count: number, word: string) => `${formatExact(count)} ${word}${count === 1 ? '' : 's'}`;

function sentence({ events, frames, matchedFrames, coveredFrames }: CoverageMatches): string {
  const looked = `In the newest ${events === 1 ? 'event' : `${formatExact(events)} events`} of its release or commit`;
  if (frames === 0) return `${looked}, no in-app frame names a file and a line.`;
  return (
    `${looked} ${frames === 1 ? 'is' : 'are'} ${counted(frames, 'in-app frame')}: the report has the file of ` +
    `${formatExact(matchedFrames)}, and says something about the line of ${formatExact(coveredFrames)}.`
  );
}
