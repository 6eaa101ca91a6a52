import { expect, it, test } from 'vitest';
import { ALL, expand, inBoth, NEW_USER_PERMISSIONS, parsePermission } from '../../../../server/auth/permissions.ts';
import { PERMISSIONS, type Permission } from '../../../../server/protocol/contract.ts';

const sorted = (permissions: Iterable<Permission>) => [...permissions].toSorted();

test.each<[Permission[], Permission[]]>([
  [[], []],
  [['event:read'], ['event:read']],
  [['event:write'], ['event:read', 'event:write']],
  [['event:admin'], ['event:admin', 'event:read', 'event:write']],
  [['project:write'], ['project:read', 'project:write']],
  [['project:admin'], ['project:admin', 'project:read', 'project:write']],
  [['project:releases'], ['project:releases']],
  [['ai:admin'], ['ai:admin', 'ai:suggest']],
  [['ai:suggest'], ['ai:suggest']],
  [['member:admin'], ['member:admin']],
  [['org:read'], ['org:read']],
  [['attachment:read'], ['attachment:read']],
])('%j includes %j', (given, expected) => expect(sorted(expand(given))).toEqual(expected));

test.each<[Permission[], Permission[], Permission[]]>([
  [['event:admin'], ['event:read'], ['event:read']],
  [['event:read'], ['event:admin'], ['event:read']],
  [['event:write'], ['event:admin', 'org:read'], ['event:read', 'event:write']],
  [['event:read'], ['org:read'], []],
  [[], [...PERMISSIONS], []],
])('of %j and %j, both have %j', (one, other, expected) => expect(sorted(inBoth(one, other))).toEqual(expected));

it('lets a new user read and triage, and the first do everything', () => {
  expect(sorted(expand(NEW_USER_PERMISSIONS))).toEqual(
    sorted(['event:read', 'event:write', 'attachment:read', 'project:read', 'org:read']),
  );
  expect(sorted(ALL)).toEqual(sorted(PERMISSIONS));
});

test.each(['event:reed', 'Event:Read', ' event:read', '', '__proto__', 'toString'])(
  'refuses %j with the list',
  (text) => {
    expect(() => parsePermission(text)).toThrow(
      expect.objectContaining({ status: 400, message: expect.stringContaining(PERMISSIONS.join(', ')) }),
    );
  },
);
