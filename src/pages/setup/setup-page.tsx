import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { pickProject, projectsQuery } from '../../api/projects.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { Setup } from './setup.tsx';

/** `/setup/:project/`; without a project, the operator's first. */
export function SetupPage() {
  const { project: slug } = useParams();
  const projects = useQuery(projectsQuery);
  if (projects.isPending) return <Skeleton label="Loading the project" rows={8} />;
  if (projects.isError) {
    return (
      <Notice isPage kind="error" title="The projects could not be loaded.">
        <p>{projects.error.message}</p>
        <Button onClick={() => projects.refetch()}>Try again</Button>
      </Notice>
    );
  }
  const project = slug ? projects.data.find((each) => each.slug === slug) : pickProject(projects.data);
  if (!project) {
    return (
      <Notice isPage icon="search" title={slug ? `There is no project ${slug}.` : 'There is no project yet.'}>
        <p>
          <code>stackmend projects create --slug my-project</code> makes one.
        </p>
        <ButtonLink to="/issues/">All issues</ButtonLink>
      </Notice>
    );
  }
  return (
    <>
      <title>{`Setup of ${project.name} · Stackmend`}</title>
      <Setup key={project.id} project={project} />
    </>
  );
}
