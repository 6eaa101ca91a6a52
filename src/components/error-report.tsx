import { createContext, use, useEffect, useState } from 'react';
import { Link } from 'react-router';
import styles from './error-report.module.css';

/** Where an error of the page was reported: the path of its issue, null while that is not known. */
export type Reported = { path: string | null };
/** Reports an error of the page, once however often it is called. Null: it was not reported. Never rejects. */
export type ReportError = (error: unknown) => Promise<Reported | null>;

/** Whoever puts the page together says how. */
export const ReportErrorContext = createContext<ReportError>(async () => null);

/** Sees to it that the error that is shown was reported, and says so once it was. What was not needs no words. */
export function ErrorReport({ error }: { error: unknown }) {
  const report = use(ReportErrorContext);
  const [reported, setReported] = useState<Reported | null>(null);
  useEffect(() => {
    let isCurrent = true;
    setReported(null);
    void report(error).then((answer) => {
      if (isCurrent) setReported(answer);
    });
    return () => {
      isCurrent = false;
    };
  }, [report, error]);
  // Empty at first: only what changes in a live region is read out.
  return (
    <p className={styles['report']} role="status">
      {reported && 'Reported to the project Internal.'}
      {reported?.path && (
        <>
          {' '}
          <Link to={reported.path}>Open the issue</Link>
        </>
      )}
    </p>
  );
}
