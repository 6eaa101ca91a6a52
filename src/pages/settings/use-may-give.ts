import { useQuery } from '@tanstack/react-query';
import type { Permission } from '../../../server/protocol/contract.ts';
import { sessionQuery } from '../../api/session.ts';
import type { PermissionNote } from './permission-picker.tsx';

/** Which permissions whoever looks at the page may give to others: their own. The server holds to the same. */
export function useMayGive() {
  const own = useQuery(sessionQuery).data?.auth?.scopes ?? [];
  return {
    mayGive: (permission: Permission) => own.includes(permission),
    /** @param had what the other has already, and may keep */
    noteOf: (permission: Permission, had: readonly Permission[] = []): PermissionNote | null =>
      own.includes(permission) || had.includes(permission)
        ? null
        : { text: 'You lack it yourself, so you cannot give it.', isBarred: true },
  };
}
