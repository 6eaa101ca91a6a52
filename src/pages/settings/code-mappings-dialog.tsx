import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { CodeMapping, Project } from '../../../server/protocol/contract.ts';
import { addCodeMapping, changeCodeMapping, proposeRoots } from '../../api/code-mappings.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { TextField } from '../../components/field.tsx';
import { Select } from '../../components/select.tsx';
import { useToast } from '../../components/toast.tsx';
import styles from './code-mappings-dialog.module.css';
import { RootsHelp, RootsMissing, useSourceRoots } from './code-mappings-roots.tsx';
import forms from './forms.module.css';
import { Refusal } from './panel.tsx';
import { useForm } from './use-form.ts';
import { useSourceChanged } from './use-source-changed.ts';

type Props = {
  project: Project;
  /** Null for a new one. */
  mapping: CodeMapping | null;
  /** Of the frame that somebody came from; empty without. */
  framePath: string;
  /** A guess for its beginning. */
  stackRoot: string;
  onClose: () => void;
};

const fields = {
  repositoryPath: /source\.roots|git repository|cannot be read|no commit|leads (?:nowhere|to none)|whole git/,
  sourceRoot: /no folder/,
  stackRoot: / maps "/,
  repositoryUrl: /repositoryUrl/,
  provider: /^provider/,
  defaultBranch: /branch/,
};
const providers = [
  { id: '', label: 'As its address says' },
  { id: 'github', label: 'GitHub' },
  { id: 'gitlab', label: 'GitLab' },
];
const plain = { isCode: true, autoComplete: 'off', autoCapitalize: 'none', spellCheck: false };

/** Adds or changes a mapping. The path of one frame is enough to find both roots. */
export function CodeMappingDialog({ project, mapping, framePath, stackRoot, onClose }: Props) {
  const toast = useToast();
  const changed = useSourceChanged(project.slug);
  const [roots, setRoots] = useState({
    stackRoot: mapping?.stackRoot ?? stackRoot,
    sourceRoot: mapping?.sourceRoot ?? '',
  });
  const [repositoryPath, setRepositoryPath] = useState(mapping?.repositoryPath ?? '');
  const [provider, setProvider] = useState(mapping?.provider?.key ?? '');
  const { form, onSubmit, faults, refusal, isPending } = useForm({
    fields,
    check: (value): { repositoryPath?: string } =>
      value('repositoryPath').trim() ? {} : { repositoryPath: 'Name the folder of the checkout on the server.' },
    send: (value) => {
      const update = {
        projectId: project.id,
        ...roots,
        repositoryPath,
        repositoryUrl: value('repositoryUrl').trim() || null,
        provider: provider === 'github' || provider === 'gitlab' ? provider : null,
        defaultBranch: value('defaultBranch').trim() || null,
      } as const;
      return mapping ? changeCodeMapping(mapping.id, update) : addCodeMapping(update);
    },
    onDone: async () => {
      toast({ message: mapping ? 'The code mapping is changed' : 'The code mapping is added' });
      onClose();
      await changed();
    },
  });
  const said = refusal ?? faults.repositoryPath ?? '';
  const readable = useSourceRoots();
  const [root = '/srv/checkouts'] = readable ?? [];
  const where = readable?.length ? readable.join(' or ') : 'one of the folders in source.roots';
  return (
    <Dialog
      title={mapping ? 'Change the code mapping' : `Add a code mapping to ${project.name}`}
      wide
      onClose={onClose}
    >
      <form ref={form} className={forms['form']} noValidate onSubmit={onSubmit}>
        {readable?.length === 0 && <RootsMissing />}
        <TextField
          {...plain}
          label="Checkout on the server"
          name="repositoryPath"
          placeholder={`${root}/shop`}
          value={repositoryPath}
          onChange={(event) => setRepositoryPath(event.target.value)}
          fault={faults.repositoryPath}
          hint={`Its absolute path: a git repository below ${where}.`}
        />
        {readable?.length && said.includes('source.roots') ? <RootsHelp roots={readable} isOpen /> : null}
        <Proposal
          project={project.slug}
          framePath={framePath}
          repositoryPath={repositoryPath}
          onProposed={(found) => setRoots(found)}
        />
        <div className={forms['pair']}>
          <TextField
            {...plain}
            label="Paths of frames begin with"
            name="stackRoot"
            placeholder="/srv/app/"
            value={roots.stackRoot}
            onChange={(event) => setRoots({ ...roots, stackRoot: event.target.value })}
            fault={faults.stackRoot}
            hint="Empty for any path."
          />
          <TextField
            {...plain}
            label="That is this folder of the repository"
            name="sourceRoot"
            placeholder="src"
            value={roots.sourceRoot}
            onChange={(event) => setRoots({ ...roots, sourceRoot: event.target.value })}
            fault={faults.sourceRoot}
            hint="Empty for its top."
          />
        </div>
        <details className={styles['more']} open={!!(faults.repositoryUrl || faults.provider || faults.defaultBranch)}>
          <summary>Where links lead</summary>
          <div className={forms['pair']}>
            <TextField
              {...plain}
              label="Page of the repository"
              name="repositoryUrl"
              placeholder="https://github.com/acme/shop"
              defaultValue={mapping?.repositoryUrl ?? ''}
              fault={faults.repositoryUrl}
              hint="Empty: as the checkout’s own remote says."
            />
            <TextField
              {...plain}
              label="Default branch"
              name="defaultBranch"
              placeholder="main"
              defaultValue={mapping?.defaultBranch ?? ''}
              fault={faults.defaultBranch}
              hint="For events whose commit is not known."
            />
            <div className={styles['provider']}>
              <span>Kind of page</span>
              <Select label="Kind of page" value={provider} options={providers} onChange={setProvider} />
              {faults.provider && (
                <p role="alert" className={styles['fault']}>
                  {faults.provider}
                </p>
              )}
            </div>
          </div>
        </details>
        <DialogActions>
          <Refusal text={refusal} />
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={isPending}>
            {isPending ? 'Saving…' : mapping ? 'Save' : 'Add the mapping'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

type ProposalProps = {
  project: string;
  framePath: string;
  repositoryPath: string;
  onProposed: (roots: { stackRoot: string; sourceRoot: string }) => void;
};

/** Finds both roots by the path of a frame: which tracked file ends like it. */
function Proposal({ project, framePath, repositoryPath, onProposed }: ProposalProps) {
  const [path, setPath] = useState(framePath);
  const find = useMutation({
    mutationFn: () => proposeRoots(project, { stackPath: path.trim(), repositoryPath: repositoryPath.trim() }),
    onSuccess: ({ stackRoot, sourceRoot }) => onProposed({ stackRoot, sourceRoot }),
  });
  const missing = !repositoryPath.trim()
    ? 'Name the checkout first.'
    : !path.trim()
      ? 'Paste the path of a frame first.'
      : null;
  const others = (find.data?.candidates.length ?? 1) - 1;
  return (
    <div className={styles['proposal']}>
      <TextField
        {...plain}
        label="Path of a frame"
        placeholder="/srv/app/billing/charge.py"
        value={path}
        onChange={(event) => setPath(event.target.value)}
        fault={find.error?.message}
        hint="As an event has it, to find both roots by it."
        aside={
          <Button look="quiet" whyNot={missing} disabled={find.isPending} onClick={() => find.mutate()}>
            {find.isPending ? 'Looking…' : 'Find the roots'}
          </Button>
        }
      />
      <p role="status" className={styles['found']}>
        {find.data && (
          <>
            Taken for <code>{find.data.path}</code> of the repository.
            {others > 0 &&
              ` ${others} other ${others === 1 ? 'file ends' : 'files end'} alike: look whether it is this one.`}
          </>
        )}
      </p>
    </div>
  );
}
