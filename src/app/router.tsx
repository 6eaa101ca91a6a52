import type { QueryClient } from '@tanstack/react-query';
import { type RouteObject, redirect } from 'react-router';
import { readEventFilter } from '../api/event-filter.ts';
import { eventQuery } from '../api/events.ts';
import { issueQuery } from '../api/issues.ts';
import { projectsQuery } from '../api/projects.ts';
import { sessionQuery } from '../api/session.ts';
import { Skeleton } from '../components/skeleton.tsx';
import { AppShell, type RouteHandle } from './app-shell.tsx';
import { IssueCrumb, SettingsCrumb, SetupCrumb } from './crumbs.tsx';
import { NotFound, RouteError } from './route-error.tsx';

const loading = () => <Skeleton label="Loading the page" rows={8} />;
const shown = { HydrateFallback: loading, ErrorBoundary: RouteError };

/**
 * The pages and what each asks for. A loader only starts the requests, so that data and code come side by side; what
 * failed is told by the page's own query, which asks for the same key.
 */
export function createRoutes(queryClient: QueryClient): RouteObject[] {
  // Anew for each route: the router takes the object apart as it loads.
  const eventView = () => ({
    Component: async () => (await import('../pages/issue-details/event-view.tsx')).EventView,
  });
  return [
    {
      ...shown,
      path: '/login',
      lazy: { Component: async () => (await import('../pages/login/login-page.tsx')).LoginPage },
    },
    {
      ...shown,
      path: '/welcome',
      lazy: { Component: async () => (await import('../pages/welcome/welcome-page.tsx')).WelcomePage },
    },
    {
      ...shown,
      path: '/',
      Component: AppShell,
      // Beside what the page itself asks for, which does not wait for it.
      loader: () => start(queryClient.prefetchQuery(sessionQuery)),
      shouldRevalidate: () => false,
      children: [
        // It is never drawn, but the router warns of a leaf that could not be.
        { index: true, loader: () => redirect('/issues/'), Component: () => null },
        {
          ...shown,
          path: 'issues',
          // Its loader starts what does not depend on the search.
          shouldRevalidate: () => false,
          loader: () => start(queryClient.prefetchQuery(projectsQuery)),
          lazy: { Component: async () => (await import('../pages/issues/issues-page.tsx')).IssuesPage },
        },
        {
          ...shown,
          path: 'issues/:issueId',
          handle: { Crumb: IssueCrumb } satisfies RouteHandle,
          loader: ({ params, request }) => {
            const { issueId = '', eventId = 'recommended' } = params;
            const filter = readEventFilter(new URL(request.url).searchParams);
            start(queryClient.prefetchQuery(eventQuery(issueId, eventId, filter)));
            return start(queryClient.prefetchQuery(issueQuery(issueId)));
          },
          lazy: { Component: async () => (await import('../pages/issue-details/issue-page.tsx')).IssuePage },
          children: [
            { ...shown, index: true, lazy: eventView() },
            {
              ...shown,
              path: 'events',
              lazy: { Component: async () => (await import('../pages/issue-details/events-table.tsx')).EventsTable },
            },
            { ...shown, path: 'events/:eventId', lazy: eventView() },
          ],
        },
        {
          ...shown,
          path: 'setup/:project?',
          handle: { Crumb: SetupCrumb } satisfies RouteHandle,
          lazy: { Component: async () => (await import('../pages/setup/setup-page.tsx')).SetupPage },
        },
        settings(),
        { path: '*', Component: NotFound },
      ],
    },
  ];
}

const settings = (): RouteObject => ({
  ...shown,
  path: 'settings',
  handle: { Crumb: SettingsCrumb } satisfies RouteHandle,
  lazy: { Component: async () => (await import('../pages/settings/settings-page.tsx')).SettingsPage },
  children: [
    { index: true, loader: () => redirect('/settings/account/'), Component: () => null },
    {
      ...shown,
      path: 'account',
      lazy: { Component: async () => (await import('../pages/settings/account-page.tsx')).AccountPage },
    },
    {
      ...shown,
      path: 'members',
      lazy: { Component: async () => (await import('../pages/settings/members-page.tsx')).MembersPage },
    },
    {
      ...shown,
      path: 'tokens',
      lazy: { Component: async () => (await import('../pages/settings/tokens-page.tsx')).TokensPage },
    },
    {
      ...shown,
      path: 'projects',
      lazy: { Component: async () => (await import('../pages/settings/project-settings.tsx')).ProjectSettings },
    },
    {
      ...shown,
      path: 'code-mappings',
      lazy: { Component: async () => (await import('../pages/settings/code-mappings-page.tsx')).CodeMappingsPage },
    },
    {
      ...shown,
      path: 'coverage',
      lazy: { Component: async () => (await import('../pages/settings/coverage-page.tsx')).CoveragePage },
    },
    {
      ...shown,
      path: 'source-maps',
      lazy: { Component: async () => (await import('../pages/settings/source-maps-page.tsx')).SourceMapsPage },
    },
    {
      ...shown,
      path: 'ai',
      lazy: { Component: async () => (await import('../pages/settings/ai-page.tsx')).AiPage },
    },
    {
      ...shown,
      path: 'ai-calls',
      lazy: { Component: async () => (await import('../pages/ai-calls/ai-calls-page.tsx')).AiCallsPage },
    },
  ],
});

function start(work: Promise<unknown>): null {
  void work;
  return null;
}
