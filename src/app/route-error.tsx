import { isRouteErrorResponse, useRouteError } from 'react-router';
import { ApiError } from '../api/api-error.ts';
import { Button, ButtonLink } from '../components/button.tsx';
import { ErrorReport } from '../components/error-report.tsx';
import { isMissingChunk } from '../components/missing-chunk.ts';
import { Notice } from '../components/notice.tsx';
import styles from './route-error.module.css';

/** What stands in place of a page that failed: why, the ways back, and where it was reported. */
export function RouteError() {
  const error = useRouteError();
  if (isRouteErrorResponse(error) && error.status === 404) return <NotFound />;
  const isMissing = isMissingChunk(error);
  return (
    <div className={styles['page']}>
      <Notice
        isPage
        kind="error"
        title={isMissing ? 'This page could not be loaded.' : 'This page could not be shown.'}
      >
        <title>Error · Stackmend</title>
        {isMissing ? (
          <p>Stackmend was updated since it was opened, or does not answer just now.</p>
        ) : (
          <Reason error={error} />
        )}
        <Button look="primary" onClick={() => window.location.reload()}>
          Load it again
        </Button>
        <ButtonLink to="/issues/">All issues</ButtonLink>
      </Notice>
      <ErrorReport error={error} />
    </div>
  );
}

function Reason({ error }: { error: unknown }) {
  const message = error instanceof Error ? error.message : String(error);
  // It is a sentence already, of the server.
  if (error instanceof ApiError) return <p>{message}</p>;
  return (
    <>
      <p>Stackmend met an error of its own. Your events are safe.</p>
      <p className={styles['message']}>
        <code>{message}</code>
      </p>
    </>
  );
}

export function NotFound() {
  return (
    <Notice isPage icon="search" title="There is no such page.">
      <title>Not found · Stackmend</title>
      <ButtonLink to="/issues/">All issues</ButtonLink>
    </Notice>
  );
}
