import type { ReactNode } from 'react';
import { ReportErrorContext } from '../components/error-report.tsx';
import { reportError } from './report-error.ts';

/** Lets what stands in place of a failed part report it. */
export function ErrorReporting({ children }: { children: ReactNode }) {
  return <ReportErrorContext value={reportError}>{children}</ReportErrorContext>;
}
