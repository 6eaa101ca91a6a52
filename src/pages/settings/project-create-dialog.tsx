import { useQueryClient } from '@tanstack/react-query';
import type { Project } from '../../../server/protocol/contract.ts';
import { createProject, projectsQuery } from '../../api/projects.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { useToast } from '../../components/toast.tsx';
import styles from './forms.module.css';
import { Refusal } from './panel.tsx';
import { checkProject, fieldsOf, ProjectFields, projectFieldFaults } from './project-fields.tsx';
import { useForm } from './use-form.ts';

export function CreateProjectDialog({
  onCreated,
  onClose,
}: {
  onCreated: (made: Project) => void;
  onClose: () => void;
}) {
  const queryClient = useQueryClient();
  const toast = useToast();
  const { form, onSubmit, faults, refusal, isPending } = useForm({
    fields: projectFieldFaults,
    check: (value) => checkProject(value),
    send: (value) => createProject(fieldsOf(value)),
    onDone: async (made) => {
      await queryClient.invalidateQueries({ queryKey: projectsQuery.queryKey });
      toast({ message: `${made.name} is made, with a key` });
      onCreated(made);
    },
  });
  return (
    <Dialog title="New project" wide onClose={onClose}>
      <form ref={form} className={styles['form']} noValidate onSubmit={onSubmit}>
        <ProjectFields faults={faults} />
        <DialogActions>
          <Refusal text={refusal} />
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={isPending}>
            {isPending ? 'Making it…' : 'Make the project'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
