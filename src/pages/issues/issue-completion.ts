import type { QueryClient } from '@tanstack/react-query';
import { assigneesQuery, releasesQuery } from '../../api/activity.ts';
import { pickProject, projectsQuery } from '../../api/projects.ts';
import { keyTerm, tagQuery } from '../issue-details/tag-query.ts';
import type { Completion } from './search-completion.tsx';

/** What an issue has beside tags, and what is asked with it. Tags by any other key can be asked for as well. */
const keys: readonly (readonly [key: string, note: string, start?: string])[] = [
  ['is', 'status: unresolved, resolved, archived, …'],
  ['level', 'fatal, error, warning, info, debug'],
  ['priority', 'high, medium, low'],
  ['assigned', 'me, none or somebody'],
  ['release', 'events of a release'],
  ['firstRelease', 'first seen in it'],
  ['environment', 'events of an environment'],
  ['project', 'by its slug'],
  ['message', 'words in title, message or culprit'],
  ['has', 'has a tag'],
  ['issue', 'its short id or number'],
  ['error.type', 'class of the exception'],
  ['error.value', '* stands for anything'],
  ['title', '* stands for anything'],
  ['culprit', '* stands for anything'],
  ['location', '* stands for anything'],
  ['platform', 'python, javascript, …'],
  ['logger', 'as the SDK names it'],
  ['firstSeen', '-24h: younger than that', 'firstSeen:-'],
  ['lastSeen', '-24h: seen since then', 'lastSeen:-'],
  ['timesSeen', '>100: more events than that', 'timesSeen:>'],
  ['userCount', '>10: more users than that', 'userCount:>'],
];

const values = new Map<string, readonly string[]>([
  [
    'is',
    [
      ...['unresolved', 'resolved', 'archived', 'new', 'ongoing', 'regressed', 'unhandled', 'handled'],
      ...['bookmarked', 'assigned', 'unassigned'],
    ],
  ],
  ['level', ['fatal', 'error', 'warning', 'info', 'debug']],
  ['priority', ['high', 'medium', 'low']],
]);

export const issueKeys = (): Completion[] =>
  keys.map(([key, note, start]) => ({ label: key, term: start ?? keyTerm(key), note }));

/**
 * The values of a key that are known without looking at events: states, people, projects, releases of the project.
 *
 * @param project id of the one that is listed; empty: all, of which the first one's releases are named
 */
export async function issueValues(client: QueryClient, project: string, key: string, typed: string) {
  const found = await valuesOf(client, project, key);
  return found
    .filter(({ label }) => label.toLowerCase().includes(typed.toLowerCase()))
    .map(({ label, value = label }): Completion => ({ label, term: tagQuery(key, value) }));
}

type Value = { label: string; value?: string };

async function valuesOf(client: QueryClient, project: string, key: string): Promise<Value[]> {
  if (key === 'assigned') {
    const people = await client.ensureQueryData(assigneesQuery);
    const named = people.map(({ name, username, email }) => ({ label: name, value: username || email || name }));
    return [{ label: 'me' }, { label: 'none' }, ...named];
  }
  if (key === 'project') return (await client.ensureQueryData(projectsQuery)).map(({ slug }) => ({ label: slug }));
  if (key === 'release' || key === 'firstRelease') {
    const chosen = pickProject(await client.ensureQueryData(projectsQuery), { id: project });
    const releases = chosen ? await client.fetchQuery(releasesQuery(chosen.slug)) : [];
    return releases.map(({ version }) => ({ label: version }));
  }
  return (values.get(key) ?? []).map((label) => ({ label }));
}
