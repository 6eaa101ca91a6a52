import { useQueryClient } from '@tanstack/react-query';
import type { User } from '../../../server/protocol/contract.ts';
import { changePermissions, membersQuery, setMemberActive } from '../../api/members.ts';
import { sessionQuery } from '../../api/session.ts';
import { type Toast, useToast } from '../../components/toast.tsx';

/** What changes a member at once, and says so with a way back. A dialog that waits for it shows what was refused itself. */
export function useMemberActions() {
  const queryClient = useQueryClient();
  const toast = useToast();

  /** One's own permissions may have changed with it. */
  const reload = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: membersQuery.queryKey }),
      queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey }),
    ]);

  /** Runs what a toast's button or a menu asks for: where no dialog is open, a refusal is a toast, too. */
  const runAndTell = async (work: () => Promise<unknown>, done: Toast) => {
    try {
      await work();
      toast(done);
    } catch (error) {
      toast({ kind: 'error', message: error instanceof Error ? error.message : String(error) });
    }
    await reload();
  };

  const setActive = (member: User, isActive: boolean) =>
    runAndTell(() => setMemberActive(member.id, isActive), {
      message: `${member.username} is ${isActive ? 'enabled' : 'disabled'}`,
    });

  return {
    setActive,
    /** @throws {ApiError} */
    disable: async (member: User) => {
      await setMemberActive(member.id, false);
      toast({
        message: `${member.username} is disabled`,
        action: { label: 'Undo', run: () => void setActive(member, true) },
      });
      await reload();
    },
    /** @throws {ApiError} at the first refusal; the list shows what was changed until then */
    savePermissions: async (member: User, to: readonly string[]) => {
      const from = member.permissions ?? [];
      await changePermissions(member.id, from, to).finally(reload);
      const undo = () => changePermissions(member.id, to, from);
      toast({
        message: `Permissions of ${member.username} saved`,
        action: {
          label: 'Undo',
          run: () => void runAndTell(undo, { message: `${member.username} has the permissions from before` }),
        },
      });
    },
  };
}
