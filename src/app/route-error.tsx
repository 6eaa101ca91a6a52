import { isRouteErrorResponse, useRouteError } from 'react-router';
import { Button, ButtonLink } from '../components/button.tsx';
import { Notice } from '../components/notice.tsx';

/** What stands in place of a page that failed: why, and the ways back. */
export function RouteError() {
  const error = useRouteError();
  if (isRouteErrorResponse(error) && error.status === 404) return <NotFound />;
  // A page opened before an update asks for files that the new build no longer has.
  const isStale = error instanceof TypeError && /dynamically imported module|module script/i.test(error.message);
  return (
    <Notice
      isPage
      kind="error"
      title={isStale ? 'Stackmend was updated since this page was opened.' : 'This page failed.'}
    >
      {!isStale && <p>{error instanceof Error ? error.message : String(error)}</p>}
      <Button look="primary" onClick={() => window.location.reload()}>
        Load it again
      </Button>
      <ButtonLink to="/issues/">All issues</ButtonLink>
    </Notice>
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
