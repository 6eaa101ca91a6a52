import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Project } from '../../../server/protocol/contract.ts';
import { projectKeysQuery } from '../../api/projects.ts';
import { useWhyNot } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { Notice } from '../../components/notice.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useOpenImport } from '../import/import-provider.tsx';
import { useSamples } from '../import/use-import.ts';
import { Copyable } from './copyable.tsx';
import { RefusedRequests } from './refused-requests.tsx';
import styles from './setup.module.css';
import { SnippetPicker } from './snippet-picker.tsx';
import { curlOf } from './snippets.ts';
import { Waiting } from './waiting.tsx';

/** How to send events to a project; also what a first visit sees. */
export function Setup({ project }: { project: Project }) {
  const keys = useQuery(projectKeysQuery(project.slug));
  const dsn = keys.data?.find((key) => key.isActive)?.dsn.public;
  return (
    <div className={styles['page']}>
      <header>
        <h1>{project.firstEvent ? `Send events to ${project.name}` : 'Send the first event'}</h1>
        <p>
          Any Sentry SDK works, unchanged: give it this DSN{project.firstEvent ? '' : ` of the project ${project.name}`}
          .
        </p>
      </header>
      {keys.isPending && <Skeleton label="Loading the DSN" rows={6} />}
      {keys.isError && (
        <Notice kind="error" title="The DSN could not be loaded.">
          <p>{keys.error.message}</p>
          <Button onClick={() => keys.refetch()}>Try again</Button>
        </Notice>
      )}
      {keys.data && !dsn && <Notice kind="error" title="This project has no active key." />}
      {dsn && (
        <>
          <div className={styles['dsn']}>
            <span>DSN</span>
            <code>{dsn}</code>
            <CopyButton label="Copy the DSN" text={dsn}>
              Copy
            </CopyButton>
          </div>
          <Waiting project={project} />
          <Others project={project} />
          <Part title="With an SDK">
            <SnippetPicker dsn={dsn} project={project} />
          </Part>
          <Part title="Without one">
            <Copyable title="One event with curl" code={curlOf(dsn)} language="bash" />
          </Part>
        </>
      )}
      {!keys.isPending && (
        <Part title="Refused requests">
          <RefusedRequests project={project.slug} />
        </Part>
      )}
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles['part']} aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Others({ project }: { project: Project }) {
  const openImport = useOpenImport();
  const samples = useSamples(project.slug);
  const whyNot = useWhyNot('event:write');
  return (
    <div className={styles['others']}>
      <span>Nothing to send yet?</span>
      <Button icon="list" whyNot={whyNot} disabled={samples.isPending} onClick={() => samples.mutate()}>
        {samples.isPending ? 'Loading samples…' : 'Load sample events'}
      </Button>
      <Button icon="upload" whyNot={whyNot} onClick={openImport}>
        Import an event as JSON…
      </Button>
      {!whyNot && <span>or drop a file with one anywhere on the page</span>}
      {samples.isError && <p role="alert">The samples could not be loaded: {samples.error.message}</p>}
    </div>
  );
}
