import type { Json } from '../protocol/event.ts';

/** What a model is given of an event, in Sentry's shape (sentry-behaviour 1.3) and with what else the event has that is evidence. */
export type DescribedEvent = {
  message?: string;
  /** The event's platform. */
  language?: string;
  level?: string;
  release?: string;
  environment?: string;
  /** `CPython 3.12.1` */
  runtime?: string;
  os?: string;
  /** Without host, query, headers, cookies or body. */
  request?: { method?: string; path?: string };
  /** Newest first. */
  exceptions: DescribedException[];
  /** Where no exception has frames: the thread that crashed, or the trace that came alone. */
  threads?: DescribedThread[];
  /** Oldest first, the last ones before the event. */
  breadcrumbs?: DescribedBreadcrumb[];
  /** Singular noun to count: `{"library frame": 20}`. */
  left_out?: Record<string, number>;
};

export type DescribedException = {
  /** 1 is the newest. */
  num: number;
  /** "Previous" in time: the next in this list. */
  raised_during_handling_of_previous_exception?: true;
  /** Of a group, which is the exception named. */
  member_of_group?: number;
  type?: string;
  message: string | null;
  exception_info?: Json;
  unhandled?: true;
  stacktrace?: DescribedFrame[];
};

type DescribedThread = { name?: string; crashed?: true; stacktrace: DescribedFrame[] };

/** Frames are newest first. */
export type DescribedFrame = {
  /** What evidence from elsewhere calls it; only where there is some. */
  frame?: number;
  func?: string;
  module?: string;
  file?: string;
  line?: number;
  /** Assembly, library or binary. */
  package?: string;
  /** Where neither function nor file is known. */
  address?: string;
  in_app?: true;
  crash?: 'here';
  code_before?: string[];
  code?: string;
  code_after?: string[];
  vars?: Record<string, Json>;
};

export type DescribedBreadcrumb = {
  seconds_before?: number;
  category?: string;
  level?: string;
  message?: string;
  data?: Json;
};

/** Counts what is not in the description. */
export function leaveOut(leftOut: Record<string, number>, noun: string, count: number): void {
  if (count > 0) leftOut[noun] = (leftOut[noun] ?? 0) + count;
}
