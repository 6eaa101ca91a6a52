import { useQueryClient } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import type { Project } from '../../../server/protocol/contract.ts';
import { projectsQuery, updateProject } from '../../api/projects.ts';
import { useWhyNot } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { useToast } from '../../components/toast.tsx';
import styles from './forms.module.css';
import { Panel, PanelActions } from './panel.tsx';
import { checkProject, fieldsOf, ProjectFields, projectFieldFaults } from './project-fields.tsx';
import { useForm } from './use-form.ts';

const slugChange =
  'Issues get new short ids, and addresses and tools that name the old slug find nothing. SDKs go on sending: their DSN has the project’s number. Addresses of issues stay.';

/** What a project is called. */
export function ProjectForm({ project }: { project: Project }) {
  const queryClient = useQueryClient();
  const toast = useToast();
  const [, setSearch] = useSearchParams();
  const whyNot = useWhyNot('project:write');
  const { form, onSubmit, faults, refusal, isPending } = useForm({
    fields: projectFieldFaults,
    check: (value) => checkProject(value),
    send: (value) => updateProject(project.slug, fieldsOf(value)),
    onDone: async (changed) => {
      // What is known under the old slug is known under no name any more.
      await queryClient.invalidateQueries({ queryKey: projectsQuery.queryKey });
      void queryClient.invalidateQueries({ queryKey: ['issues'] });
      toast({ message: 'Project saved' });
      if (changed.slug !== project.slug) setSearch({ project: changed.slug }, { replace: true });
    },
  });
  return (
    <Panel title="Project">
      <form ref={form} className={styles['form']} noValidate onSubmit={onSubmit}>
        <ProjectFields
          name={project.name}
          slug={project.slug}
          platform={project.platform ?? ''}
          faults={faults}
          slugWhyNot={project.isInternal ? 'Stackmend’s own errors are found by it.' : null}
          onSlugChange={slugChange}
        />
        <PanelActions refusal={refusal}>
          <Button type="submit" whyNot={whyNot} disabled={isPending}>
            {isPending ? 'Saving…' : 'Save the project'}
          </Button>
        </PanelActions>
      </form>
    </Panel>
  );
}
