import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { Project } from '../../../server/protocol/contract.ts';
import { ApiError } from '../../api/api-error.ts';
import { artifactBundlesQuery } from '../../api/artifact-bundles.ts';
import { pickProject, projectsQuery } from '../../api/projects.ts';
import { useCan } from '../../api/session.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { FindField } from '../../components/find-field.tsx';
import { Notice } from '../../components/notice.tsx';
import { Select } from '../../components/select.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { PageHead } from './panel.tsx';
import { SourceMapsGuide } from './source-maps-guide.tsx';
import { SourceMapsList } from './source-maps-list.tsx';
import styles from './source-maps-page.module.css';

const about = 'What was uploaded to turn minified JavaScript back into the code that you wrote.';

/** `/settings/source-maps/?project=`: the uploads of one project; without a name, of the operator's first. */
export function SourceMapsPage() {
  const projects = useQuery(projectsQuery);
  const mayRead = useCan('project:read');
  const [search, setSearch] = useSearchParams();
  if (mayRead === false) {
    return (
      <Notice isPage icon="upload" title="You may not see the source maps of this server.">
        <p>
          Your account lacks the permission <code>project:read</code>. Whoever has <code>member:admin</code> can give it
          to you.
        </p>
        <ButtonLink to="/settings/account/">What you may do</ButtonLink>
      </Notice>
    );
  }
  if (projects.isPending) return <Skeleton label="Loading the project" rows={6} />;
  if (projects.isError) {
    return (
      <Notice isPage kind="error" title="The projects could not be loaded.">
        <p>{projects.error.message}</p>
        <Button onClick={() => projects.refetch()}>Try again</Button>
      </Notice>
    );
  }
  const slug = search.get('project');
  const project = slug ? projects.data.find((each) => each.slug === slug) : pickProject(projects.data);
  return (
    <>
      <PageHead title="Source maps" about={about}>
        {projects.data.length > 1 && (
          <Select
            label="Project"
            value={project?.slug ?? slug ?? ''}
            options={projects.data.map(({ slug: id, name }) => ({ id, label: name }))}
            onChange={(chosen) => setSearch({ project: chosen }, { replace: true })}
          />
        )}
      </PageHead>
      {project ? (
        <Uploads key={project.slug} project={project} />
      ) : (
        <Notice icon="search" title={slug ? `There is no project ${slug}.` : 'There is no project yet.'} />
      )}
    </>
  );
}

function Uploads({ project }: { project: Project }) {
  const [text, setText] = useState('');
  const query = useSettled(text.trim());
  const uploads = useInfiniteQuery(artifactBundlesQuery(project.slug, query));
  const [isGuideOpen, setGuideOpen] = useState(false);
  const bundles = uploads.data?.pages.flatMap(({ items }) => items);
  if (uploads.isPending) return <Skeleton label="Loading the uploads" rows={6} height={32} />;
  if (uploads.isError && !bundles) {
    return <UploadsError error={uploads.error} onRetry={() => uploads.refetch()} />;
  }
  if (bundles?.length === 0 && !query && !uploads.isPlaceholderData) {
    return (
      <>
        <Notice icon="upload" title={`${project.name} has no source maps.`}>
          <p>Stack traces of minified JavaScript stay as they were built until its maps are here.</p>
        </Notice>
        <SourceMapsGuide project={project.slug} />
      </>
    );
  }
  return (
    <>
      <div className={styles['tools']}>
        <FindField label="Search releases, files and debug ids" value={text} onChange={setText} />
        <Button aria-expanded={isGuideOpen} onClick={() => setGuideOpen(!isGuideOpen)}>
          How to upload
        </Button>
      </div>
      {isGuideOpen && <SourceMapsGuide project={project.slug} />}
      {uploads.isError && <p role="alert">What you see may be old: {uploads.error.message}</p>}
      {bundles?.length === 0 && <Notice icon="search" title={`No upload has ${query}.`} />}
      {bundles && bundles.length > 0 && (
        <SourceMapsList bundles={bundles} project={project.slug} isBusy={uploads.isPlaceholderData} />
      )}
      {uploads.hasNextPage && (
        <div>
          <Button disabled={uploads.isFetchingNextPage} onClick={() => uploads.fetchNextPage()}>
            {uploads.isFetchingNextPage ? 'Loading…' : 'Show more uploads'}
          </Button>
        </div>
      )}
    </>
  );
}

function UploadsError({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const isForbidden = error instanceof ApiError && error.status === 403;
  return (
    <Notice kind="error" title={isForbidden ? 'You may not see these uploads.' : 'The uploads could not be loaded.'}>
      <p>{error.message}</p>
      {!isForbidden && <Button onClick={onRetry}>Try again</Button>}
    </Notice>
  );
}

const settledAfterMs = 250;

/** The text once nobody has typed for a moment: the server is not asked about each letter. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), settledAfterMs);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
