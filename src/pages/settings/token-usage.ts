import { expandPermissions } from './permission-words.ts';

const shown = 'organizations/stackmend';

/**
 * Lines that try a token, each with what it is for.
 *
 * @param scopes of the token, as given
 * @param origin of the server, as the browser knows it
 */
export function usageOf(scopes: readonly string[], token: string, origin: string): { title: string; code: string }[] {
  const allowed: readonly string[] = expandPermissions(scopes);
  const remote = `--url ${origin} --token ${token}`;
  const path = allowed.includes('event:read')
    ? `${shown}/issues/`
    : allowed.includes('project:read')
      ? `${shown}/projects/`
      : '';
  return [
    ...(allowed.includes('project:releases')
      ? [
          {
            title: 'Upload coverage',
            code: `stackmend coverage upload lcov.info --project default --release 1.0.0 ${remote}`,
          },
        ]
      : []),
    ...(allowed.includes('event:write')
      ? [{ title: 'Import an event', code: `stackmend events import event.json --project default ${remote}` }]
      : []),
    { title: 'Try it', code: `curl -H 'Authorization: Bearer ${token}' ${origin}/api/0/${path}` },
  ];
}
