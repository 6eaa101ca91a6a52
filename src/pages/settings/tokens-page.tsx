import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiToken } from '../../../server/protocol/contract.ts';
import { apiTokensQuery } from '../../api/api-tokens.ts';
import { sessionQuery } from '../../api/session.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { CreateTokenDialog } from './create-token-dialog.tsx';
import { OnceSecret } from './once-secret.tsx';
import { PageHead } from './panel.tsx';
import { TokenList } from './token-list.tsx';
import { usageOf } from './token-usage.ts';

const about = 'Let a CI, a script or a tool act for you, with no more than you may do.';

/** `/settings/tokens/`: one's own API tokens. */
export function TokensPage() {
  const session = useQuery(sessionQuery);
  if (session.isPending) return <Skeleton label="Loading your tokens" rows={6} />;
  if (session.data?.state === 'local') {
    return (
      <>
        <PageHead title="API tokens" about={about} />
        <Notice icon="terminal" title="A token belongs to a user, and this server has none yet.">
          <p>Until then programs on this machine need no token.</p>
          <ButtonLink look="primary" to="/settings/account/">
            Make the first user
          </ButtonLink>
        </Notice>
      </>
    );
  }
  return <Tokens own={session.data?.auth?.scopes ?? []} />;
}

/** @param own what the user may do in effect */
function Tokens({ own }: { own: readonly string[] }) {
  const tokens = useQuery(apiTokensQuery);
  const queryClient = useQueryClient();
  const [isCreating, setCreating] = useState(false);
  const [made, setMade] = useState<ApiToken | null>(null);
  const onCreated = (token: ApiToken) => {
    setCreating(false);
    setMade(token);
    void queryClient.invalidateQueries({ queryKey: apiTokensQuery.queryKey });
  };
  return (
    <>
      <PageHead title="API tokens" about={about}>
        <Button look="primary" icon="terminal" onClick={() => setCreating(true)}>
          Create a token…
        </Button>
      </PageHead>
      {made?.token && (
        <OnceSecret
          key={made.id}
          title={`Token ${made.name}`}
          kind="token"
          secret={made.token}
          about="It is shown this once. Keep it as a secret of your CI, never in a repository."
          usage={usageOf(made.scopes, made.token, location.origin)}
          onDone={() => setMade(null)}
        />
      )}
      {tokens.isPending && <Skeleton label="Loading your tokens" rows={4} height={32} />}
      {tokens.isError && !tokens.data && (
        <Notice kind="error" title="Your tokens could not be loaded.">
          <p>{tokens.error.message}</p>
          <Button onClick={() => tokens.refetch()}>Try again</Button>
        </Notice>
      )}
      {tokens.data?.length === 0 && (
        <Notice icon="terminal" title="You have no API tokens.">
          <p>A CI needs one to upload coverage to this server.</p>
        </Notice>
      )}
      {tokens.data && tokens.data.length > 0 && (
        <TokenList
          tokens={tokens.data}
          own={own}
          onRevoked={(id) => setMade((token) => (token?.id === id ? null : token))}
        />
      )}
      {isCreating && <CreateTokenDialog own={own} onCreated={onCreated} onClose={() => setCreating(false)} />}
    </>
  );
}
