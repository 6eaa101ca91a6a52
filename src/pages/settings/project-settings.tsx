import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useWhyNot } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { CreateProjectDialog } from './project-create-dialog.tsx';
import { ProjectForm } from './project-form.tsx';
import { ProjectKeys } from './project-keys.tsx';
import { ProjectPage } from './project-page.tsx';

/** `/settings/projects/?project=`: what a project is called, and the keys that send to it. */
export function ProjectSettings() {
  const [isCreating, setCreating] = useState(false);
  const [, setSearch] = useSearchParams();
  const whyNot = useWhyNot('project:admin');
  return (
    <>
      <ProjectPage
        title="Projects"
        about="Each has issues, keys and rules of its own."
        icon="gear"
        action={
          <Button whyNot={whyNot} onClick={() => setCreating(true)}>
            New project…
          </Button>
        }
      >
        {(project) => (
          <>
            <ProjectForm key={`${project.id} ${project.slug}`} project={project} />
            <ProjectKeys key={project.id} project={project} />
          </>
        )}
      </ProjectPage>
      {isCreating && (
        <CreateProjectDialog
          onCreated={({ slug }) => {
            setCreating(false);
            setSearch({ project: slug });
          }}
          onClose={() => setCreating(false)}
        />
      )}
    </>
  );
}
