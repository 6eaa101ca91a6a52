import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { CodeMapping, Project } from '../../../server/protocol/contract.ts';
import { codeMappingsQuery } from '../../api/code-mappings.ts';
import { useCan, useWhyNot } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { CodeMappingDialog } from './code-mappings-dialog.tsx';
import { CodeMappingsList } from './code-mappings-list.tsx';
import styles from './code-mappings-page.module.css';
import { RootsHelp, RootsMissing, useSourceRoots } from './code-mappings-roots.tsx';
import { ProjectPage } from './project-page.tsx';

/** `/settings/code-mappings/?project=`: where the source of a project's frames is. A link from a frame brings its path. */
export function CodeMappingsPage() {
  return (
    <ProjectPage
      title="Code mappings"
      about="Which folder of a checkout on the server has the code that frames name. Source, coverage and links come by them."
      icon="link"
    >
      {(project) => <Mappings key={project.slug} project={project} />}
    </ProjectPage>
  );
}

function Mappings({ project }: { project: Project }) {
  const mappings = useQuery(codeMappingsQuery(project.slug));
  const roots = useSourceRoots();
  const whyNot = useWhyNot('project:write');
  const may = useCan('project:write');
  const [search, setSearch] = useSearchParams();
  const fromFrame = search.get('path');
  const stackRoot = search.get('stackRoot') ?? '';
  const [edited, setEdited] = useState<CodeMapping | 'new' | null>(null);
  // The frame's path stays in the address until the dialog is closed: a reload must not lose it.
  const shown = edited ?? (fromFrame !== null && may ? 'new' : null);
  const close = () => {
    setEdited(null);
    if (fromFrame !== null) setSearch({ project: project.slug }, { replace: true });
  };
  if (mappings.isPending) return <Skeleton label="Loading the code mappings" rows={5} height={32} />;
  if (!mappings.data) {
    return (
      <Notice kind="error" title="The code mappings could not be loaded.">
        <p>{mappings.error?.message}</p>
        <Button onClick={() => mappings.refetch()}>Try again</Button>
      </Notice>
    );
  }
  const add = (
    <Button look="primary" icon="link" whyNot={whyNot} onClick={() => setEdited('new')}>
      Add a code mapping…
    </Button>
  );
  return (
    <>
      {roots?.length === 0 && <RootsMissing />}
      {mappings.data.length === 0 ? (
        <Notice icon="link" title={`${project.name} has no code mapping.`}>
          <p>
            With one, frames that came without source show it from a checkout on the server, at the commit of the
            event’s release.
          </p>
          {add}
        </Notice>
      ) : (
        <>
          <div className={styles['tools']}>{add}</div>
          <CodeMappingsList mappings={mappings.data} project={project.slug} onEdit={setEdited} />
        </>
      )}
      {roots && roots.length > 0 && (
        <RootsHelp roots={roots} isOpen={mappings.data.some(({ problem }) => problem?.includes('source.roots'))} />
      )}
      {shown && (
        <CodeMappingDialog
          project={project}
          mapping={shown === 'new' ? null : shown}
          framePath={shown === 'new' ? (fromFrame ?? '') : ''}
          stackRoot={stackRoot}
          onClose={close}
        />
      )}
    </>
  );
}
