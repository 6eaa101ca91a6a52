import type { Reported } from '../components/error-report.tsx';
import { isMissingChunk } from '../components/missing-chunk.ts';

/** How the error came about. `isHandled`: a boundary stands where the part failed, and the rest goes on. */
export type Circumstances = { isHandled?: boolean; componentStack?: string | null | undefined };
export type Report = (error: unknown, circumstances?: Circumstances) => Promise<Reported | null>;

/**
 * Reports errors of the page to the project Internal of this server. Null: it was not, be it that reporting is off, that
 * nobody answers, or that the error is no fault of ours. Never throws.
 *
 * @param load called at the first error: until then none of what reports is part of the page
 */
export function createReportError(load: () => Promise<Report>): Report {
  let loading: Promise<Report> | undefined;
  return async (error, circumstances) => {
    // The files of an older build are gone, and what reports is one of them.
    if (isMissingChunk(error)) return null;
    try {
      loading ??= load();
      return await (await loading)(error, circumstances);
    } catch {
      return null;
    }
  };
}

export const reportError = createReportError(async () => (await import('./error-reporter.ts')).openErrorReporter());

/** Reports what nobody caught. @param target where it is heard of */
export function reportUncaught(report: Report, target: EventTarget = window): void {
  const listen = (name: 'error' | 'unhandledrejection', key: 'error' | 'reason') =>
    target.addEventListener(name, (event) => void report(Reflect.get(event, key), { isHandled: false }));
  listen('error', 'error');
  listen('unhandledrejection', 'reason');
}
