import { useQueryClient } from '@tanstack/react-query';
import { createKey, projectKeysQuery } from '../../api/projects.ts';
import { useWhyNot } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { TextField } from '../../components/field.tsx';
import { useToast } from '../../components/toast.tsx';
import { Refusal } from './panel.tsx';
import styles from './project-keys.module.css';
import { useForm } from './use-form.ts';

/** A key for each program lets one be disabled without the others. */
export function NewKeyForm({ slug }: { slug: string }) {
  const queryClient = useQueryClient();
  const toast = useToast();
  const whyNot = useWhyNot('project:write');
  const { form, onSubmit, faults, refusal, isPending } = useForm({
    fields: { key: /name/i },
    check: (value): { key?: string } => (value('key').trim() ? {} : { key: 'Name the key by what will use it.' }),
    send: (value) => createKey(slug, value('key').trim()),
    onDone: async ({ name }, element) => {
      element?.reset();
      await queryClient.invalidateQueries({ queryKey: projectKeysQuery(slug).queryKey });
      toast({ message: `The key ${name} is made` });
    },
  });
  return (
    <form ref={form} className={styles['new']} noValidate onSubmit={onSubmit}>
      <TextField label="New key" name="key" autoComplete="off" placeholder="Shop, staging" fault={faults.key} />
      <Button type="submit" whyNot={whyNot} disabled={isPending}>
        {isPending ? 'Making it…' : 'Make a key'}
      </Button>
      <Refusal text={refusal} />
    </form>
  );
}
