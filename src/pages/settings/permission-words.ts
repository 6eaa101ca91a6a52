import { PERMISSIONS, type Permission } from '../../../server/protocol/contract.ts';

type Words = { id: Permission; label: string; about: string };

/** Every permission in plain words, in the order in which one reads them. */
export const permissionGroups: readonly { title: string; permissions: readonly Words[] }[] = [
  {
    title: 'Issues and events',
    permissions: [
      { id: 'event:read', label: 'See issues', about: 'The list, every event in full, and suggested fixes.' },
      { id: 'event:write', label: 'Triage issues', about: 'Resolve, archive and bookmark; import events.' },
      { id: 'event:admin', label: 'Delete issues', about: 'With all their events, for good.' },
      {
        id: 'attachment:read',
        label: 'Open attachments',
        about: 'Files sent with events, such as crash dumps, which may hold personal data.',
      },
    ],
  },
  {
    title: 'Projects',
    permissions: [
      { id: 'project:read', label: 'See projects', about: 'Their DSNs, releases and refused requests.' },
      { id: 'project:write', label: 'Change projects', about: 'Their names and settings.' },
      { id: 'project:admin', label: 'Create projects', about: 'With keys of their own.' },
      { id: 'project:releases', label: 'Upload from CI', about: 'Coverage reports and what belongs to a release.' },
    ],
  },
  {
    title: 'Suggested fixes',
    permissions: [
      {
        id: 'ai:suggest',
        label: 'Ask for fixes',
        about: 'Send an event to the model that this server is set up with.',
      },
      { id: 'ai:admin', label: 'Manage the model', about: 'Decide what may be sent, and to whom.' },
    ],
  },
  {
    title: 'Organization',
    permissions: [
      { id: 'org:read', label: 'See the organization', about: 'Its name and slug, which Sentry’s own tools ask for.' },
      {
        id: 'member:admin',
        label: 'Manage members',
        about: 'Add and disable users, reset passwords, give and take permissions.',
      },
    ],
  },
];

/** What a new user gets: it reads and triages. */
export const newMemberPermissions: readonly Permission[] = [
  'event:read',
  'event:write',
  'attachment:read',
  'project:read',
  'org:read',
];

/** The one that includes it among those that are given; null for none. `admin` includes `write`, and that `read`. */
export function includedBy(permission: Permission, given: readonly string[]): Permission | null {
  const subject = permission.slice(0, permission.indexOf(':') + 1);
  const includes: Record<string, string[]> = { read: ['write', 'admin'], write: ['admin'], suggest: ['admin'] };
  const stronger = includes[permission.slice(subject.length)]?.map((access) => subject + access) ?? [];
  return PERMISSIONS.find((other) => stronger.includes(other) && given.includes(other)) ?? null;
}

/** What permissions allow in effect, with all that each includes. */
export const expandPermissions = (given: readonly string[]): Permission[] =>
  PERMISSIONS.filter((permission) => given.includes(permission) || includedBy(permission, given) !== null);

/** The shortest list that allows the same. */
export const shortestPermissions = (given: readonly string[]): Permission[] =>
  PERMISSIONS.filter((permission) => given.includes(permission) && includedBy(permission, given) === null);

export const hasAllPermissions = (given: readonly string[]): boolean =>
  expandPermissions(given).length === PERMISSIONS.length;
