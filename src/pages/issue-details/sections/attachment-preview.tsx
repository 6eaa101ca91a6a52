import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Attachment } from '../../../../server/protocol/contract.ts';
import { attachmentContentQuery } from '../../../api/attachment-content.ts';
import { showControls } from '../../../components/annotated-text-controls.ts';
import { Button } from '../../../components/button.tsx';
import { Skeleton } from '../../../components/skeleton.tsx';
import { TextBox } from '../../../components/text-box.tsx';
import { formatAbsolute } from '../../../components/time.ts';
import { useTimeZone } from '../../../components/time-zone.ts';
import { stripAnsi } from '../../../frame/visible-text.ts';
import { formatJson } from '../format-json.ts';
import {
  type AttachmentKind,
  imageTypeOf,
  kindOfAttachment,
  minidumpHeaderOf,
  readBytes,
  textOfBytes,
} from './attachment-kinds.ts';
import styles from './attachment-preview.module.css';
import { ViewHierarchy } from './view-hierarchy.tsx';

type Props = { project: string; eventId: string; attachment: Attachment };

/** A file inside the page. In a file of its own: most events have none. */
export function AttachmentPreview({ project, eventId, attachment }: Props) {
  const kind = kindOfAttachment(attachment);
  const content = useQuery(attachmentContentQuery(project, eventId, attachment.id, readBytes(kind)));
  const { name } = attachment;
  if (content.isPending) return <Skeleton label={`Loading ${name}`} rows={4} />;
  if (content.isError) {
    return (
      <p role="alert" className={styles['note']}>
        {name} could not be loaded: {content.error.message}{' '}
        <Button onClick={() => void content.refetch()}>Try again</Button>
      </p>
    );
  }
  if (content.data.length === 0) return <p className={styles['note']}>The file is empty.</p>;
  return <Content kind={kind} bytes={content.data} name={name} />;
}

function Content({ kind, bytes, name }: { kind: AttachmentKind; bytes: Uint8Array<ArrayBuffer>; name: string }) {
  if (kind === 'image') return <Image bytes={bytes} name={name} />;
  if (kind === 'minidump') return <Minidump bytes={bytes} />;
  const text = textOfBytes(bytes);
  if (text === null) return <p className={styles['note']}>Its bytes are no text. Download it to look at it.</p>;
  if (kind === 'viewHierarchy') return <ViewHierarchy text={text} />;
  return <Text text={kind === 'json' ? formatJson(text) : text} name={name} />;
}

/** Its type is told by its bytes: what an outsider calls an image may be a page with a script. */
function Image({ bytes, name }: { bytes: Uint8Array<ArrayBuffer>; name: string }) {
  const type = imageTypeOf(bytes);
  const [url, setUrl] = useState<string | null>(null);
  const [isBroken, setBroken] = useState(false);
  useEffect(() => {
    if (!type) return;
    const made = URL.createObjectURL(new Blob([bytes], { type }));
    setUrl(made);
    setBroken(false);
    return () => URL.revokeObjectURL(made);
  }, [bytes, type]);
  if (!type || isBroken) {
    return <p className={styles['note']}>Its bytes are no image that can be shown. Download it to look at it.</p>;
  }
  return url && <img className={styles['image']} src={url} alt={name} onError={() => setBroken(true)} />;
}

/** Characters that are drawn at once; a log of megabytes would hold up the page. */
const pageSize = 50_000;

function Text({ text, name }: { text: string; name: string }) {
  const [shown, setShown] = useState(pageSize);
  const rest = text.length - shown;
  return (
    <>
      <TextBox label={name} text={showControls(stripAnsi(text.slice(0, shown)))} />
      {rest > 0 && (
        <Button look="quiet" onClick={() => setShown(shown * 4)}>
          Show more of {rest.toLocaleString('en-US')} characters
        </Button>
      )}
    </>
  );
}

function Minidump({ bytes }: { bytes: Uint8Array }) {
  const header = minidumpHeaderOf(bytes);
  const zone = useTimeZone();
  if (!header) return <p className={styles['note']}>It is called a minidump, but its bytes are none.</p>;
  return (
    <p className={styles['note']}>
      A minidump: threads, registers and parts of the memory of the process as it crashed, in {header.streams} streams
      {header.time !== null && (
        <>
          , written <time dateTime={new Date(header.time).toISOString()}>{formatAbsolute(header.time, zone)}</time>
        </>
      )}
      . Memory may hold secrets, so nothing of it is shown here; download it and open it in a debugger (WinDbg, lldb,
      minidump-stackwalk).
    </p>
  );
}
