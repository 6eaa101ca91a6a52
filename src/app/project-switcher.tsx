import { useQuery } from '@tanstack/react-query';
import { useLocation, useNavigate, useParams, useSearchParams } from 'react-router';
import { pickProject, projectsQuery } from '../api/projects.ts';
import { Popover, PopoverItem } from '../components/popover.tsx';

/** Which project's issues are listed, or set up. It says nothing until there is more than one to choose from. */
export function ProjectSwitcher() {
  const projects = useQuery(projectsQuery).data ?? [];
  const { project: slug } = useParams();
  const [search] = useSearchParams();
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const onSetup = pathname.startsWith('/setup/');
  const current = onSetup
    ? pickProject(projects, { slug })
    : projects.find((project) => project.id === search.get('project'));
  // An issue is of one project, whatever is chosen here, and the settings are of none.
  if (projects.length < 2 || /^\/(?:issues\/.|settings)/.test(pathname)) return null;

  const choose = (project: (typeof projects)[number] | null) => {
    if (onSetup && project) return navigate(`/setup/${project.slug}/`);
    const next = new URLSearchParams(pathname === '/issues/' ? search : undefined);
    next.delete('cursor');
    if (project) next.set('project', project.id);
    else next.delete('project');
    return navigate(`/issues/?${next}`);
  };
  return (
    <Popover label={current?.name ?? 'All projects'} look="quiet">
      {(close) => (
        <>
          {!onSetup && (
            <PopoverItem
              current={!current}
              onClick={() => {
                choose(null);
                close();
              }}
            >
              All projects
            </PopoverItem>
          )}
          {projects.map((project) => (
            <PopoverItem
              key={project.id}
              current={project === current}
              onClick={() => {
                choose(project);
                close();
              }}
            >
              {project.name}
            </PopoverItem>
          ))}
        </>
      )}
    </Popover>
  );
}
