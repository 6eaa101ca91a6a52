import { useId, useState } from 'react';
import type { CoverageReports } from '../../../server/protocol/contract.ts';
import { useWhyNot } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { Icon } from '../../components/icon.tsx';
import { formatExact } from '../../components/numbers.ts';
import { TimeAgo } from '../../components/time-ago.tsx';
import styles from './coverage-list.module.css';
import { CoverageMatchesView } from './coverage-matches.tsx';
import { RemoveReportDialog } from './coverage-remove.tsx';
import rows from './rows.module.css';

export type Report = CoverageReports[number];

/** One row a report; opened it says which frames it speaks of. */
export function CoverageList({ reports, project }: { reports: readonly Report[]; project: string }) {
  const [asked, setAsked] = useState<Report | null>(null);
  return (
    <div className={classNames(rows['list'], styles['list'])}>
      <div className={rows['head']} aria-hidden="true">
        <span>Report</span>
        <span>Of</span>
        <span>Files</span>
        <span>Uploaded</span>
      </div>
      <ul aria-label="Coverage reports">
        {reports.map((report) => (
          <ReportRow key={report.id} report={report} project={project} onRemove={() => setAsked(report)} />
        ))}
      </ul>
      {asked && <RemoveReportDialog report={asked} project={project} onClose={() => setAsked(null)} />}
    </div>
  );
}

function ReportRow({ report, project, onRemove }: { report: Report; project: string; onRemove: () => void }) {
  const { name, format, release, commit, files, dateCreated } = report;
  const [isOpen, setOpen] = useState(false);
  const whyNot = useWhyNot('project:releases');
  const id = useId();
  return (
    <li className={styles['item']}>
      <div className={classNames(rows['row'], styles['row'])}>
        <div className={styles['name']}>
          <button
            type="button"
            className={styles['fold']}
            aria-label={`What ${name} matches`}
            aria-describedby={`${id}-of`}
            aria-expanded={isOpen}
            aria-controls={isOpen ? `${id}-matches` : undefined}
            onClick={() => setOpen(!isOpen)}
          >
            <Icon name="down" />
          </button>
          <div>
            <strong>{name}</strong>
            <span>{format}</span>
          </div>
        </div>
        <div className={styles['of']} id={`${id}-of`}>
          {release && <span>{release}</span>}
          {commit && <code title={commit}>{commit.slice(0, 12)}</code>}
        </div>
        <div className={classNames(rows['muted'], styles['files'])}>
          {formatExact(files)}
          <span className={rows['label']}>{files === 1 ? ' file' : ' files'}</span>
        </div>
        <div className={classNames(rows['muted'], styles['date'])}>
          <TimeAgo date={dateCreated} />
        </div>
        <div className={rows['actions']}>
          <Button look="quiet" icon="trash" whyNot={whyNot} aria-label={`Delete ${name}`} onClick={onRemove} />
        </div>
      </div>
      {isOpen && (
        <div id={`${id}-matches`} className={styles['content']}>
          <CoverageMatchesView project={project} id={report.id} />
        </div>
      )}
    </li>
  );
}
