import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import type { Project } from '../../../server/protocol/contract.ts';
import { pickProject, projectsQuery } from '../../api/projects.ts';
import { useCan } from '../../api/session.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import type { IconName } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { Select } from '../../components/select.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { PageHead } from './panel.tsx';
import styles from './project-page.module.css';

type Props = {
  title: string;
  about: string;
  icon: IconName;
  /** Beside the choice of the project. */
  action?: ReactNode;
  children: (project: Project) => ReactNode;
};

/** A page of the settings about one project: that of `?project=`, else the operator's first. Says why there is none to see. */
export function ProjectPage({ title, about, icon, action, children }: Props) {
  const projects = useQuery(projectsQuery);
  const mayRead = useCan('project:read');
  const [search, setSearch] = useSearchParams();
  if (mayRead === false) {
    return (
      <Notice isPage icon={icon} title={`You may not see this: ${title}.`}>
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
      <PageHead title={title} about={about}>
        <div className={styles['tools']}>
          {projects.data.length > 1 && (
            <Select
              label="Project"
              value={project?.slug ?? slug ?? ''}
              options={projects.data.map(({ slug: id, name }) => ({ id, label: name }))}
              onChange={(chosen) => setSearch({ project: chosen }, { replace: true })}
            />
          )}
          {action}
        </div>
      </PageHead>
      {project ? (
        children(project)
      ) : (
        <Notice icon="search" title={slug ? `There is no project ${slug}.` : 'There is no project yet.'} />
      )}
    </>
  );
}
