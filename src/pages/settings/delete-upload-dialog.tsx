import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { ArtifactBundle } from '../../../server/protocol/contract.ts';
import { artifactsKey, deleteUploads } from '../../api/artifact-bundles.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { formatExact } from '../../components/numbers.ts';
import { useToast } from '../../components/toast.tsx';
import { Refusal } from './panel.tsx';
import styles from './source-maps-list.module.css';
import { releasesOf, uploadName } from './upload-name.ts';

type Props = { bundle: ArtifactBundle; project: string; onClose: () => void };

/** Asks what is to go: the upload alone, or all of a release that it is for. */
export function DeleteUploadDialog({ bundle, project, onClose }: Props) {
  const queries = useQueryClient();
  const toast = useToast();
  const name = useId();
  const releases = releasesOf(bundle);
  /** Null: this upload alone. */
  const [release, setRelease] = useState<string | null>(null);
  const remove = useMutation({
    mutationFn: () => deleteUploads(project, release === null ? { bundleId: bundle.bundleId } : { release }),
    onSuccess: async () => {
      toast({ message: release === null ? 'The upload is deleted' : `All uploads for ${release} are deleted` });
      onClose();
      await queries.invalidateQueries({ queryKey: artifactsKey(project) });
      await queries.invalidateQueries({ queryKey: ['projects', project, 'source-map-debug'] });
    },
  });
  const count = `${formatExact(bundle.fileCount)} ${bundle.fileCount === 1 ? 'file' : 'files'}`;
  return (
    <Dialog title={`Delete ${uploadName(bundle)}?`} onClose={onClose}>
      {releases.length > 0 && (
        <fieldset className={styles['choices']}>
          <legend>What is deleted</legend>
          <label>
            <input type="radio" name={name} checked={release === null} onChange={() => setRelease(null)} />
            <span>
              This upload of {count}
              {releases.length > 1 && `, from ${releases.length} releases`}
            </span>
          </label>
          {releases.map((each) => (
            <label key={each}>
              <input type="radio" name={name} checked={release === each} onChange={() => setRelease(each)} />
              <span>
                Every upload for the release <code>{each}</code>
              </span>
            </label>
          ))}
        </fieldset>
      )}
      <p>
        Frames of events that come from then on are not mapped with {releases.length > 0 ? 'it' : `its ${count}`}; those
        that are mapped stay so. Uploading again brings it back.
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
