import { useQuery } from '@tanstack/react-query';
import { createContext, lazy, type ReactNode, useCallback, useContext, useEffect, useState } from 'react';
import { useParams, useSearchParams } from 'react-router';
import { pickProject, projectsQuery } from '../../api/projects.ts';
import { useWhyNot } from '../../api/session.ts';
import { LateCode } from '../../components/late-code.tsx';
import { useToast } from '../../components/toast.tsx';
import styles from './import-provider.module.css';

const ImportDialog = lazy(async () => ({ default: (await import('./import-dialog.tsx')).ImportDialog }));

const OpenImport = createContext<() => void>(() => {});
/** Opens the import dialog. */
export const useOpenImport = (): (() => void) => useContext(OpenImport);

/** Only what can be an event: a drag of the page's own link or a selection's text within a field is left alone. */
const mayBeEvent = (transfer: DataTransfer | null) => transfer?.types.some((type) => type === 'Files') ?? false;

function useFileDrop(onDrop: (file: File) => void): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const onDragOver = (event: DragEvent) => {
      if (!mayBeEvent(event.dataTransfer)) return;
      event.preventDefault();
      setOver(true);
    };
    // Leaving the window has no element that is entered.
    const onDragLeave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const onDropped = (event: DragEvent) => {
      setOver(false);
      const file = event.dataTransfer?.files[0];
      if (!file) return;
      event.preventDefault();
      onDrop(file);
    };
    document.addEventListener('dragover', onDragOver);
    document.addEventListener('dragleave', onDragLeave);
    document.addEventListener('drop', onDropped);
    return () => {
      document.removeEventListener('dragover', onDragOver);
      document.removeEventListener('dragleave', onDragLeave);
      document.removeEventListener('drop', onDropped);
    };
  }, [onDrop]);
  return over;
}

/** Lets a file be dropped anywhere on the page, and any page open the import dialog. */
export function ImportProvider({ children }: { children: ReactNode }) {
  const [dialog, setDialog] = useState<{ dropped?: File; key: number } | null>(null);
  const toast = useToast();
  const whyNot = useWhyNot('event:write');
  const show = useCallback(
    (dropped?: File) => (whyNot ? toast({ kind: 'error', message: whyNot }) : setDialog({ dropped, key: Date.now() })),
    [whyNot, toast],
  );
  const open = useCallback(() => show(), [show]);
  const over = useFileDrop(show);
  const { project: slug } = useParams();
  const [search] = useSearchParams();
  const project = pickProject(useQuery(projectsQuery).data ?? [], { slug, id: search.get('project') });
  return (
    <OpenImport value={open}>
      {children}
      {over && <div className={styles['veil']}>{whyNot ?? 'Drop an event (JSON or envelope) to open it'}</div>}
      {dialog && project && (
        <LateCode what="The import">
          <ImportDialog
            key={dialog.key}
            project={project.slug}
            dropped={dialog.dropped}
            onClose={() => setDialog(null)}
          />
        </LateCode>
      )}
    </OpenImport>
  );
}
