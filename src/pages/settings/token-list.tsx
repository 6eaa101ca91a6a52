import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiToken } from '../../../server/protocol/contract.ts';
import { apiTokensQuery, revokeToken } from '../../api/api-tokens.ts';
import { Button } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { useToast } from '../../components/toast.tsx';
import { Refusal } from './panel.tsx';
import { PermissionCodes } from './permission-list.tsx';
import { expandPermissions } from './permission-words.ts';
import rows from './rows.module.css';
import styles from './token-list.module.css';

type Props = { tokens: readonly ApiToken[]; own: readonly string[]; onRevoked: (id: string) => void };

/** One row a token. @param own what the user may do in effect: the token can do no more */
export function TokenList({ tokens, own, onRevoked }: Props) {
  const [asked, setAsked] = useState<ApiToken | null>(null);
  return (
    <div className={classNames(rows['list'], styles['list'])}>
      <div className={rows['head']} aria-hidden="true">
        <span>Token</span>
        <span>Scopes</span>
        <span>Created</span>
        <span>Last used</span>
      </div>
      <ul aria-label="API tokens">
        {tokens.map((token) => (
          <TokenRow key={token.id} token={token} own={own} onRevoke={() => setAsked(token)} />
        ))}
      </ul>
      {asked && <RevokeDialog token={asked} onRevoked={onRevoked} onClose={() => setAsked(null)} />}
    </div>
  );
}

function TokenRow({ token, own, onRevoke }: { token: ApiToken; own: readonly string[]; onRevoke: () => void }) {
  const idle = expandPermissions(token.scopes).filter((scope) => !own.includes(scope));
  return (
    <li className={classNames(rows['row'], styles['row'])}>
      <div className={styles['name']}>
        <strong>{token.name}</strong>
        {token.tokenLastCharacters && <code>stmk_…{token.tokenLastCharacters}</code>}
      </div>
      <div className={styles['scopes']}>
        <PermissionCodes given={token.scopes} />
        {idle.length > 0 && <p title={idle.join(', ')}>{idleWords(idle)}</p>}
      </div>
      <div className={classNames(rows['muted'], styles['created'])}>
        <span className={rows['label']}>Created </span>
        <TimeAgo date={token.dateCreated} />
      </div>
      <div className={classNames(rows['muted'], styles['used'])}>
        <span className={rows['label']}>Last used: </span>
        {token.dateLastUsed ? <TimeAgo date={token.dateLastUsed} /> : 'never'}
      </div>
      <div className={classNames(rows['actions'], styles['actions'])}>
        <Button look="quiet" icon="trash" aria-label={`Revoke ${token.name}`} onClick={onRevoke} />
      </div>
    </li>
  );
}

/** More than a few would say less, not more; their names are the words' title. */
function idleWords(idle: readonly string[]): string {
  if (idle.length === 1) return `${idle[0]} has no effect until you have it.`;
  const names = idle.length > 3 ? `${idle.length} of its scopes` : idle.join(', ');
  return `${names} have no effect until you have them.`;
}

function RevokeDialog({
  token,
  onRevoked,
  onClose,
}: {
  token: ApiToken;
  onRevoked: (id: string) => void;
  onClose: () => void;
}) {
  const queryClient = useQueryClient();
  const toast = useToast();
  const revoke = useMutation({
    mutationFn: () => revokeToken(token.id),
    onSuccess: async () => {
      toast({ message: `${token.name} is revoked` });
      onRevoked(token.id);
      onClose();
      await queryClient.invalidateQueries({ queryKey: apiTokensQuery.queryKey });
    },
  });
  return (
    <Dialog title={`Revoke ${token.name}?`} onClose={onClose}>
      <p>
        What uses it is refused from then on
        {token.tokenLastCharacters && (
          <>
            : the token that ends in <code>{token.tokenLastCharacters}</code>
          </>
        )}
        . This cannot be undone; you can create another.
      </p>
      <Refusal text={revoke.error?.message} />
      <DialogActions>
        <Button onClick={onClose}>Keep it</Button>
        <Button look="danger" icon="trash" disabled={revoke.isPending} onClick={() => revoke.mutate()}>
          {revoke.isPending ? 'Revoking…' : 'Revoke'}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
