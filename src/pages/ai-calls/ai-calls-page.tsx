import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { aiCallsExportUrl, aiCallsQuery, type CallFilter } from '../../api/ai-calls.ts';
import { ApiError } from '../../api/api-error.ts';
import { useCan } from '../../api/session.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { Pager } from '../issues/pager.tsx';
import { PageHead } from '../settings/panel.tsx';
import styles from './ai-calls.module.css';
import { CallFilters } from './call-filters.tsx';
import { CallList } from './call-list.tsx';

/** `/settings/ai-calls/`: every call to a model, as it went over the wire. All that narrows it stands in the address. */
export function AiCallsPage() {
  const mayRead = useCan('ai:admin');
  if (mayRead === false) {
    return (
      <Notice isPage icon="list" title="You may not see the calls to models.">
        <p>
          Your account lacks the permission <code>ai:admin</code>. Whoever has <code>member:admin</code> can give it to
          you.
        </p>
        <ButtonLink to="/settings/account/">What you may do</ButtonLink>
      </Notice>
    );
  }
  return <Calls />;
}

function Calls() {
  const [search, setSearch] = useSearchParams();
  const filter: CallFilter = {
    project: search.get('project') ?? '',
    user: search.get('user') ?? '',
    status: search.get('status') ?? '',
  };
  const cursor = search.get('cursor') ?? '';
  const opened = search.get('call');
  const calls = useQuery(aiCallsQuery(filter, cursor));
  const isFiltered = Object.values(filter).some(Boolean);
  const change = (changes: Record<string, string | null>, replace = true) => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(changes)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    setSearch(next, { replace });
  };
  const items = calls.data?.items ?? [];
  return (
    <>
      <PageHead
        title="AI calls"
        about="Every call to a model with the exact request and answer, with placeholders where something was redacted."
      >
        {(items.length > 0 || isFiltered) && (
          <a className={styles['export']} href={aiCallsExportUrl(filter)} download>
            <Icon name="download" />
            {isFiltered ? 'Export these' : 'Export all'}
          </a>
        )}
      </PageHead>
      <CallFilters
        filter={filter}
        calls={items}
        onChange={(changes) => change({ ...changes, cursor: null, call: null })}
      />
      {calls.isPending && <Skeleton label="Loading the calls" rows={8} height={40} />}
      {calls.isError && <CallsError error={calls.error} hasOld={!!calls.data} onRetry={() => calls.refetch()} />}
      {calls.data && items.length === 0 && (
        <Notice icon="list" title={isFiltered ? 'No call matches.' : 'No model was called yet.'}>
          {isFiltered ? (
            <Button onClick={() => change({ project: null, user: null, status: null, cursor: null, call: null })}>
              Show all calls
            </Button>
          ) : (
            <p>Each click on “Suggest fix” that asks a model is listed here.</p>
          )}
        </Notice>
      )}
      {items.length > 0 && (
        <CallList
          calls={items}
          isBusy={calls.isPlaceholderData}
          opened={opened}
          onOpen={(id) => change({ call: id })}
        />
      )}
      {calls.data && <Pager page={calls.data} onCursor={(next) => change({ cursor: next, call: null }, false)} />}
    </>
  );
}

function CallsError({ error, hasOld, onRetry }: { error: Error; hasOld: boolean; onRetry: () => void }) {
  const isForbidden = error instanceof ApiError && error.status === 403;
  if (hasOld) return <p role="alert">What you see may be old: {error.message}</p>;
  return (
    <Notice kind="error" title={isForbidden ? 'You may not see these calls.' : 'The calls could not be loaded.'}>
      <p>{error.message}</p>
      {!isForbidden && <Button onClick={onRetry}>Try again</Button>}
    </Notice>
  );
}
