import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type CreatedMember, membersQuery } from '../../api/members.ts';
import { sessionQuery, useCan } from '../../api/session.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { AddMemberDialog } from './add-member-dialog.tsx';
import { MemberList } from './member-list.tsx';
import { OnceSecret } from './once-secret.tsx';
import { PageHead } from './panel.tsx';

const about = 'Who may sign in to this server, and what each may do.';

/** `/settings/members/`: users, for who has member:admin; others read why they see none. */
export function MembersPage() {
  const session = useQuery(sessionQuery);
  const mayManage = useCan('member:admin');
  if (session.isPending) return <Skeleton label="Loading members" rows={6} />;
  if (mayManage === false) {
    return (
      <Notice isPage icon="user" title="You may not see the members of this server.">
        <p>
          Your account lacks the permission <code>member:admin</code>. Whoever has it can give it to you.
        </p>
        <ButtonLink to="/settings/account/">What you may do</ButtonLink>
      </Notice>
    );
  }
  if (session.data?.state === 'local') {
    return (
      <>
        <PageHead title="Members" about={about} />
        <Notice icon="user" title="This server has no users yet.">
          <p>Whoever opens this page on this machine may do everything. Members begin with the first user.</p>
          <ButtonLink look="primary" to="/settings/account/">
            Make the first user
          </ButtonLink>
        </Notice>
      </>
    );
  }
  return <Members />;
}

function Members() {
  const members = useQuery(membersQuery);
  const queryClient = useQueryClient();
  const [isAdding, setAdding] = useState(false);
  const [made, setMade] = useState<CreatedMember | null>(null);
  const onAdded = (member: CreatedMember) => {
    setAdding(false);
    setMade(member);
    void queryClient.invalidateQueries({ queryKey: membersQuery.queryKey });
  };
  return (
    <>
      <PageHead title="Members" about={about}>
        <Button look="primary" icon="user" onClick={() => setAdding(true)}>
          Add a member…
        </Button>
      </PageHead>
      {made?.password && (
        <OnceSecret
          key={made.password}
          title={`Password of ${made.username}`}
          kind="password"
          secret={made.password}
          about={`It is shown this once. Hand it over where nobody else reads it; ${made.username} can change it after signing in at ${location.origin}/login/.`}
          onDone={() => setMade(null)}
        />
      )}
      {members.isPending && <Skeleton label="Loading members" rows={6} height={32} />}
      {members.isError && !members.data && (
        <Notice kind="error" title="The members could not be loaded.">
          <p>{members.error.message}</p>
          <Button onClick={() => members.refetch()}>Try again</Button>
        </Notice>
      )}
      {members.data && <MemberList members={members.data} onPasswordMade={setMade} />}
      {isAdding && <AddMemberDialog onAdded={onAdded} onClose={() => setAdding(false)} />}
    </>
  );
}
