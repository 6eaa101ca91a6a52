import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Project, ProjectKey } from '../../../server/protocol/contract.ts';
import { changeKey, projectKeysQuery } from '../../api/projects.ts';
import { useWhyNot } from '../../api/session.ts';
import { Badge } from '../../components/badge.tsx';
import { Button, ButtonLink } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { useToast } from '../../components/toast.tsx';
import { Panel, PanelActions, Refusal } from './panel.tsx';
import styles from './project-keys.module.css';
import { NewKeyForm } from './project-new-key.tsx';
import rows from './rows.module.css';

/** The keys of a project: what stands in an SDK's DSN. */
export function ProjectKeys({ project }: { project: Project }) {
  const keys = useQuery(projectKeysQuery(project.slug));
  const [asked, setAsked] = useState<ProjectKey | null>(null);
  const active = keys.data?.filter(({ isActive }) => isActive).length ?? 0;
  return (
    <Panel title="Keys" about="An SDK sends with one of them; no key can read anything.">
      {keys.isPending && <Skeleton label="Loading the keys" rows={2} />}
      {keys.isError && (
        <PanelActions refusal={`The keys could not be loaded: ${keys.error.message}`}>
          <Button onClick={() => keys.refetch()}>Try again</Button>
        </PanelActions>
      )}
      {keys.data && (
        <div className={classNames(rows['list'], styles['list'])}>
          <ul aria-label="Keys">
            {keys.data.map((key) => (
              <KeyRow key={key.id} projectKey={key} slug={project.slug} onDisable={() => setAsked(key)} />
            ))}
          </ul>
        </div>
      )}
      {keys.data && active === 0 && <p className={styles['none']}>No key is on: all that is sent here is refused.</p>}
      <NewKeyForm slug={project.slug} />
      <p className={styles['setup']}>
        <ButtonLink to={`/setup/${project.slug}/`} icon="terminal">
          Set up an SDK
        </ButtonLink>
      </p>
      {asked && (
        <DisableDialog projectKey={asked} slug={project.slug} isLast={active === 1} onClose={() => setAsked(null)} />
      )}
    </Panel>
  );
}

type RowProps = { projectKey: ProjectKey; slug: string; onDisable: () => void };

function KeyRow({ projectKey: key, slug, onDisable }: RowProps) {
  const whyNot = useWhyNot('project:write');
  const { mutate, isPending, error } = useChange(slug, key);
  const name = key.name || 'Unnamed';
  return (
    <li className={classNames(rows['row'], styles['row'])}>
      <div className={styles['name']}>
        <strong>{name}</strong> {!key.isActive && <Badge>disabled</Badge>}
        {key.dateCreated && (
          <span className={rows['muted']}>
            {' '}
            made <TimeAgo date={key.dateCreated} />
          </span>
        )}
        <Refusal text={error?.message} />
      </div>
      <div className={styles['dsn']}>
        <code>{key.dsn.public}</code>
        <CopyButton label={`Copy the DSN of ${name}`} text={key.dsn.public} />
      </div>
      <div className={rows['actions']}>
        {key.isActive ? (
          <Button whyNot={whyNot} aria-label={`Disable ${name}`} onClick={onDisable}>
            Disable…
          </Button>
        ) : (
          <Button whyNot={whyNot} aria-label={`Enable ${name}`} disabled={isPending} onClick={() => mutate(true)}>
            Enable
          </Button>
        )}
      </div>
    </li>
  );
}

type DisableProps = { projectKey: ProjectKey; slug: string; isLast: boolean; onClose: () => void };

function DisableDialog({ projectKey: key, slug, isLast, onClose }: DisableProps) {
  const { mutate, isPending, error } = useChange(slug, key, onClose);
  return (
    <Dialog title={`Disable ${key.name || 'the key'}?`} onClose={onClose}>
      <p>
        Within a second, events that are sent with it are refused, and lost where the SDK does not keep them.
        {isLast && ' It is the only key that is on: the project takes nothing until you make or enable another.'} It can
        be enabled again.
      </p>
      <Refusal text={error?.message} />
      <DialogActions>
        <Button onClick={onClose}>Keep enabled</Button>
        <Button look="danger" disabled={isPending} onClick={() => mutate(false)}>
          {isPending ? 'Disabling…' : 'Disable'}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function useChange(slug: string, key: ProjectKey, onDone?: () => void) {
  const queryClient = useQueryClient();
  const toast = useToast();
  return useMutation({
    mutationFn: (isActive: boolean) => changeKey(slug, key.id, { isActive }),
    onSuccess: async ({ isActive }) => {
      await queryClient.invalidateQueries({ queryKey: projectKeysQuery(slug).queryKey });
      toast({ message: `${key.name || 'The key'} is ${isActive ? 'enabled' : 'disabled'}` });
      onDone?.();
    },
  });
}
