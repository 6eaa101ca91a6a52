import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { rawEventQuery, rawEventUrl } from '../../api/events.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { CodeBlock } from '../../highlight/code-block.tsx';
import { formatJson } from './format-json.ts';
import styles from './raw-json.module.css';

/** Over so many characters the text is not coloured: the browser would be busy for seconds. */
const mostHighlighted = 200_000;

/** The stored event as JSON, to read, copy or keep. */
export function RawJson({ project, eventId, onClose }: { project: string; eventId: string; onClose: () => void }) {
  const raw = useQuery(rawEventQuery(project, eventId));
  const text = useMemo(() => raw.data && formatJson(raw.data), [raw.data]);
  return (
    <Dialog title={`Event ${eventId.slice(0, 8)} as JSON`} wide onClose={onClose}>
      <div className={styles['bar']}>
        {text && (
          <CopyButton label="Copy JSON" text={text}>
            Copy
          </CopyButton>
        )}
        <a href={rawEventUrl(project, eventId)} target="_blank" rel="noreferrer">
          Open in a new tab
        </a>
        <a href={rawEventUrl(project, eventId)} download={`${eventId}.json`}>
          Download
        </a>
      </div>
      {raw.isPending && <Skeleton label="Loading the JSON" rows={12} />}
      {raw.isError && <p role="alert">The JSON could not be loaded: {raw.error.message}</p>}
      {text && (
        <div className={styles['json']}>
          {text.length > mostHighlighted ? (
            <pre>{text}</pre>
          ) : (
            <CodeBlock code={text} language="json" label="Event as JSON" />
          )}
        </div>
      )}
    </Dialog>
  );
}
