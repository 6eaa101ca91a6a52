import { useMutation } from '@tanstack/react-query';
import { removeCoverageReport } from '../../api/coverage.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { useToast } from '../../components/toast.tsx';
import type { Report } from './coverage-list.tsx';
import { Refusal } from './panel.tsx';
import { useSourceChanged } from './use-source-changed.ts';

type Props = { report: Report; project: string; onClose: () => void };

export function RemoveReportDialog({ report: { id, name, release, commit }, project, onClose }: Props) {
  const toast = useToast();
  const changed = useSourceChanged(project);
  const remove = useMutation({
    mutationFn: () => removeCoverageReport(project, id),
    onSuccess: async () => {
      toast({ message: `${name} is deleted` });
      onClose();
      await changed();
    },
  });
  return (
    <Dialog title={`Delete ${name}?`} onClose={onClose}>
      <p>
        Frames of events of {release ? <code>{release}</code> : <code>{commit?.slice(0, 12)}</code>} lose its marks.
        Uploading it again brings them back.
      </p>
      <Refusal text={remove.error?.message} />
      <DialogActions>
        <Button onClick={onClose}>Keep it</Button>
        <Button look="danger" icon="trash" disabled={remove.isPending} onClick={() => remove.mutate()}>
          {remove.isPending ? 'Deleting…' : 'Delete'}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
