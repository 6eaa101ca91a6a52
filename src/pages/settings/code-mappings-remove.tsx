import { useMutation } from '@tanstack/react-query';
import type { CodeMapping } from '../../../server/protocol/contract.ts';
import { removeCodeMapping } from '../../api/code-mappings.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { useToast } from '../../components/toast.tsx';
import { Refusal } from './panel.tsx';
import { useSourceChanged } from './use-source-changed.ts';

type Props = { mapping: CodeMapping; project: string; onClose: () => void };

export function RemoveMappingDialog({ mapping: { id, stackRoot, repositoryPath }, project, onClose }: Props) {
  const toast = useToast();
  const changed = useSourceChanged(project);
  const remove = useMutation({
    mutationFn: () => removeCodeMapping(id),
    onSuccess: async () => {
      toast({ message: 'The code mapping is deleted' });
      onClose();
      await changed();
    },
  });
  return (
    <Dialog title="Delete the code mapping?" onClose={onClose}>
      <p>
        Frames{' '}
        {stackRoot ? (
          <>
            that begin with <code>{stackRoot}</code>{' '}
          </>
        ) : (
          ''
        )}
        show no source from <code>{repositoryPath}</code> then, and no links to it. The checkout itself stays as it is.
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
