import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import { MemoryRouter } from 'react-router';
import { afterEach, beforeEach, vi } from 'vitest';
import type { Event, Frame, Stacktrace } from '../../../../server/protocol/contract.ts';
import { StackTraceSection } from '../../../../src/frame/stack-trace-section.tsx';

/** A frame in the API's shape; all that is not given is absent. */
export function frame(part: Partial<Frame> = {}): Frame {
  return { filename: 'app/a.py', function: 'f', lineNo: 1, context: [], inApp: true, ...part };
}

export function stacktrace(frames: Frame[], part: Partial<Stacktrace> = {}): Stacktrace {
  return { frames, hasSystemFrames: frames.some(({ inApp }) => !inApp), ...part };
}

/** An event with the entries given as type and data. */
export function event(entries: [string, unknown][], part: Partial<Event> = {}): Event {
  return {
    id: '1',
    eventID: 'a'.repeat(32),
    projectID: '2',
    title: 'ValueError',
    culprit: '',
    platform: 'python',
    type: 'error',
    tags: [],
    errors: [],
    entries: entries.map(([type, data]) => ({ type, data })),
    ...part,
  } as Event;
}

/** An event of one exception with these frames. */
export const exceptionEvent = (frames: Frame[], part: Partial<Event> = {}, trace: Partial<Stacktrace> = {}): Event =>
  event(
    [['exception', { values: [{ type: 'ValueError', value: 'no', stacktrace: stacktrace(frames, trace) }] }]],
    part,
  );

let links: (file: string | null) => object | Promise<Response> = () => ({});
let coverage: object = { frames: [] };
/** What the server answers to stacktrace-link from here on; no answer says anything unless set. */
export function answerLinks(answer: typeof links): void {
  links = answer;
}

/** What it answers to the coverage of an event. */
export function answerCoverage(answer: object): void {
  coverage = answer;
}

/** Stands in for the server; call it once in a test file. `requests` are those for links, `others` all else. */
export function serveLinks(): { requests: URL[]; others: URL[] } {
  const requests: URL[] = [];
  const others: URL[] = [];
  beforeEach(() => {
    requests.length = 0;
    others.length = 0;
    vi.stubGlobal('fetch', async (input: string) => {
      const url = new URL(input, 'http://localhost');
      const isLink = url.pathname.endsWith('/stacktrace-link/');
      (isLink ? requests : others).push(url);
      if (!isLink) return Response.json(coverage);
      const answer = await links(url.searchParams.get('file'));
      return answer instanceof Response ? answer : Response.json(answer);
    });
  });
  afterEach(() => {
    links = () => ({});
    coverage = { frames: [] };
    vi.unstubAllGlobals();
  });
  return { requests, others };
}

export function show(shown: Event) {
  const client = new QueryClient();
  return render(
    <QueryClientProvider client={client}>
      <MemoryRouter>
        <StackTraceSection event={shown} project="shop" />
      </MemoryRouter>
    </QueryClientProvider>,
  );
}
