import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, configure, render } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { vi } from 'vitest';
import { createRoutes } from '../../../../src/app/router.tsx';
import { event, issue, project, projectKey } from './fixtures.ts';

// Pages come as code of their own; a busy machine takes its time.
configure({ asyncUtilTimeout: 10_000 });
vi.setConfig({ testTimeout: 30_000 });

/** jsdom knows neither dialogs nor popovers nor scrolling; the browser tests have the real ones. */
HTMLDialogElement.prototype.showModal = function showModal() {
  this.open = true;
};
HTMLDialogElement.prototype.close = function close() {
  this.open = false;
  this.dispatchEvent(new window.Event('close'));
};
const isShown = (panel: HTMLElement) => panel.style.display === 'block';
function toggle(panel: HTMLElement, newState: 'open' | 'closed'): void {
  if (isShown(panel) === (newState === 'open')) return;
  panel.style.display = newState === 'open' ? 'block' : '';
  const tell = (type: string) => panel.dispatchEvent(Object.assign(new window.Event(type), { newState }));
  tell('beforetoggle');
  // A task of its own, as in a browser.
  setTimeout(() => act(() => void tell('toggle')));
}
HTMLElement.prototype.hidePopover = function hidePopover() {
  toggle(this, 'closed');
};
document.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest('[popovertarget]') : null;
  const panel = document.getElementById(button?.getAttribute('popovertarget') ?? '');
  if (panel) toggle(panel, isShown(panel) ? 'closed' : 'open');
});
HTMLElement.prototype.scrollIntoView = () => {};
window.scrollTo = () => {};

export type Sent = { method: string; path: string; query: URLSearchParams; body: unknown };
type Answer = (sent: Sent) => unknown;
/** `GET /organizations/stackmend/issues/` to what it answers: a value as JSON, a Response as it is. */
export type Answers = Record<string, Answer>;

const organization = '/organizations/stackmend';
const ordinary: Answers = {
  [`GET ${organization}/projects/`]: () => [project()],
  [`GET ${organization}/issues/`]: () => [issue()],
  [`PUT ${organization}/issues/`]: () => ({}),
  [`GET ${organization}/issues/7/`]: () => issue(),
  [`DELETE ${organization}/issues/7/`]: () => new Response(null, { status: 204 }),
  [`GET ${organization}/issues/7/tags/`]: () => [
    {
      key: 'browser',
      name: 'browser',
      totalValues: 4,
      uniqueValues: 2,
      topValues: [{ value: 'Firefox 140', count: 3 }],
    },
  ],
  [`GET ${organization}/issues/7/events/recommended/`]: () => event(),
  [`GET ${organization}/issues/7/activities/`]: () => ({ activity: [] }),
  'GET /projects/stackmend/checkout/keys/': () => [projectKey],
  'GET /projects/stackmend/checkout/ingest/': () => ({ refused: [], counts: [] }),
};

/** Puts a server in the place of `fetch`. An address that nobody answers is a 404, as on the real one. */
function answer(answers: Answers): Sent[] {
  const all = { ...ordinary, ...answers };
  const sent: Sent[] = [];
  vi.stubGlobal('fetch', async (input: string, init: RequestInit = {}) => {
    const url = new URL(input, 'http://stackmend.test');
    const body = typeof init.body === 'string' && /^[[{]/.test(init.body) ? JSON.parse(init.body) : init.body;
    const request = {
      method: init.method ?? 'GET',
      path: url.pathname.slice('/api/0'.length),
      query: url.searchParams,
      body,
    };
    sent.push(request);
    const found = all[`${request.method} ${request.path}`];
    if (!found) return Response.json({ detail: `There is no ${request.path}.` }, { status: 404 });
    const value = await found(request);
    return value instanceof Response ? value : Response.json(value);
  });
  return sent;
}

/** Opens a page of the whole app. */
export function openPage(path: string, answers: Answers = {}) {
  const sent = answer(answers);
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: 'always' } } });
  const router = createMemoryRouter(createRoutes(queryClient), { initialEntries: [path] });
  render(
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
  return { sent, router, user: userEvent.setup() };
}

export const refuse = (status: number, detail: string) => () => Response.json({ detail }, { status });
