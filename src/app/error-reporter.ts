/** Comes with the first error of the page, so that it costs nothing until then. */
import { ApiError } from '../api/api-error.ts';
import { fetchBrowserSdk, findEventPath } from '../api/browser-sdk.ts';
import type { Reported } from '../components/error-report.tsx';
import type { Circumstances, Report } from './report-error.ts';

/** Sends one error. Null: the server did not take it. */
export type Capture = (error: unknown, circumstances: Circumstances) => Promise<string | null>;

type Deps = {
  /** Null: reporting is off. */
  openCapture: () => Promise<Capture | null>;
  /** @throws {ApiError} 404 there is no such event (yet) */
  findEventPath: (eventId: string) => Promise<string>;
  wait: (ms: number) => Promise<unknown>;
};

/** A page that fails on and on has said enough by then. */
const MAX_REPORTS = 10;
/** Milliseconds before each look for the issue: an event is mostly digested within the first. */
const LOOKS = [150, 300, 600, 1200, 2400];

/** What reports is opened when there is something to report. */
export function createErrorReporter({ openCapture, findEventPath, wait }: Deps): Report {
  const reports = new Map<string, Promise<Reported | null>>();
  let opening: Promise<Capture | null> | undefined;

  async function send(error: unknown, circumstances: Circumstances): Promise<Reported | null> {
    opening ??= openCapture();
    const capture = await opening;
    const eventId = await capture?.(error, circumstances);
    return eventId ? { path: await look(eventId) } : null;
  }

  async function look(eventId: string): Promise<string | null> {
    for (const delay of LOOKS) {
      await wait(delay);
      try {
        return await findEventPath(eventId);
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 404)) return null;
      }
    }
    return null;
  }

  return async (error, circumstances = {}) => {
    if (!isOwnFault(error)) return null;
    const key = keyOf(error);
    const known = reports.get(key);
    if (known || reports.size >= MAX_REPORTS) return known ?? null;
    const report = send(error, circumstances);
    reports.set(key, report);
    return report;
  };
}

/** The reporter of the real page. */
export const openErrorReporter = (): Report =>
  createErrorReporter({
    openCapture: async () => {
      const { dsn, release, environment } = await fetchBrowserSdk();
      if (!dsn) return null;
      const { openBrowserSdk } = await import('./open-browser-sdk.ts');
      return openBrowserSdk({ dsn, release, environment });
    },
    findEventPath,
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });

/** React draws a part that failed once more, which throws the same again. */
function keyOf(error: unknown): string {
  return error instanceof Error
    ? `${error.name}: ${error.message}\n${error.stack}`
    : `${typeof error} ${String(error)}`;
}

/** Of requests that were called off. */
const CALLED_OFF = new Set(['AbortError', 'CancelledError']);
const EXTENSION = /\b(?:chrome|moz|safari|safari-web)-extension:\/\//;

/** Is it a fault of the page's own code? Not what the server refused, was called off, or comes of a browser's extension. */
function isOwnFault(error: unknown): boolean {
  // Errors of scripts that the browser keeps from us, and its notes about ResizeObserver, come without a value.
  if (error === null || error === undefined) return false;
  // An answer of 2xx that is not understood is one.
  if (error instanceof ApiError) return error.status >= 200 && error.status < 300;
  // A DOMException is no Error everywhere.
  if (typeof error === 'object' && 'name' in error && CALLED_OFF.has(String(error.name))) return false;
  return !(error instanceof Error && EXTENSION.test(callsOf(error)));
}

/** The stack without the message, which may quote an event that knows extensions. Chromium alone puts it in front. */
function callsOf({ message, stack = '' }: Error): string {
  const head = `: ${message}\n`;
  const start = stack.indexOf(head);
  return start < 0 ? stack : stack.slice(start + head.length);
}
