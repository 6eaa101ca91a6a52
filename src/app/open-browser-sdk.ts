/** The one file that knows the SDK, so that it comes when there is something to report. */
import type { Client } from '@sentry/core';
import { captureReactException, type ErrorEvent, init, linkedErrorsIntegration } from '@sentry/react';
import type { BrowserSdk } from '../../server/protocol/contract.ts';
import type { Capture } from './error-reporter.ts';

/** How long the server may take to say that it has an event. */
const ACCEPTED_WITHIN_MS = 10_000;

/**
 * The SDK with little of what it does by itself. Events of users are all over this page: no breadcrumbs of what was clicked,
 * logged or fetched, no address with a search in it, no title. What an error's message quotes goes no further than the
 * project Internal of this server, which is not upstream.
 */
export function openBrowserSdk({ dsn, release, environment }: BrowserSdk & { dsn: string }): Capture {
  const client = init({
    dsn,
    // Whatever a proxy told the server of its address: the page's own origin is the one that it may send to.
    tunnel: `/api${new URL(dsn).pathname}/envelope/`,
    ...(release && { release }),
    ...(environment && { environment }),
    // Uncaught errors reach it through our own listeners, which were there before it; so do repeats, which end there.
    defaultIntegrations: false,
    integrations: [linkedErrorsIntegration()],
    maxBreadcrumbs: 0,
    sendClientReports: false,
    attachStacktrace: true,
    dataCollection: { userInfo: false },
    beforeSend: describePlace,
  });

  return async (error, { isHandled = true, componentStack = '' }) => {
    if (!client) return null;
    const type = isHandled ? 'auto.function.react.error_boundary' : 'auto.browser.global_handlers';
    const eventId = captureReactException(error, { componentStack }, { mechanism: { handled: isHandled, type } });
    return (await isAccepted(client, eventId)) ? eventId : null;
  };
}

function isAccepted(client: Client, eventId: string): Promise<boolean> {
  return new Promise((resolve) => {
    const stop = client.on('afterSendEvent', ({ event_id }, { statusCode }) => {
      if (event_id !== eventId) return;
      stop();
      resolve(statusCode === 200);
    });
    setTimeout(() => resolve(false), ACCEPTED_WITHIN_MS);
  });
}

/** Which page it was and in which browser; a path has ids, where a query may quote. */
function describePlace(event: ErrorEvent): ErrorEvent {
  const { origin, pathname } = window.location;
  event.request = { url: origin + pathname, headers: { 'User-Agent': navigator.userAgent } };
  return event;
}
