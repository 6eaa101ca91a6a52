import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import type { Attachment } from '../../../../server/protocol/contract.ts';
import { attachmentUrl } from '../../../api/events.ts';
import { showControls } from '../../../components/annotated-text-controls.ts';
import { Boundary } from '../../../components/boundary.tsx';
import { Button } from '../../../components/button.tsx';
import { Icon } from '../../../components/icon.tsx';
import { formatBytes } from '../../../components/numbers.ts';
import { Skeleton } from '../../../components/skeleton.tsx';
import { kindOfAttachment, maxPreviewBytes } from './attachment-kinds.ts';
import styles from './attachment-list.module.css';

const AttachmentPreview = lazy(async () => ({ default: (await import('./attachment-preview.tsx')).AttachmentPreview }));

type Props = { attachments: Attachment[]; project: string; eventId: string };

/** Files that came with an event, a row each; what can be shown in place is. */
export function AttachmentList({ attachments, project, eventId }: Props) {
  return (
    <ul className={styles['files']}>
      {attachments.map((attachment) => (
        <li key={attachment.id}>
          <Boundary what={attachment.name} resetKey={eventId}>
            <File attachment={attachment} project={project} eventId={eventId} />
          </Boundary>
        </li>
      ))}
    </ul>
  );
}

const words = {
  image: 'picture',
  json: 'JSON',
  text: 'text',
  viewHierarchy: 'view hierarchy',
  minidump: 'minidump',
  none: '',
};

function File({ attachment, project, eventId }: { attachment: Attachment; project: string; eventId: string }) {
  const { id, name, size, mimetype } = attachment;
  const kind = kindOfAttachment(attachment);
  const isTooLarge = kind !== 'none' && size > maxPreviewBytes[kind];
  const [isOpen, setOpen] = useState(false);
  const row = useRef<HTMLDivElement>(null);
  const opensItself = kind === 'image' && !isTooLarge && isScreenshot(attachment);
  useEffect(() => (opensItself ? whenInSight(row.current, () => setOpen(true)) : undefined), [opensItself]);
  return (
    <>
      <div ref={row} className={styles['file']}>
        <a href={attachmentUrl(project, eventId, id)} download={name}>
          <Icon name="download" />
          {showControls(name) || 'file without a name'}
        </a>
        <span>{formatBytes(size)}</span>
        <span>{words[kind] || showControls(mimetype ?? '')}</span>
        {kind !== 'none' && !isTooLarge && (
          <Button
            look="quiet"
            aria-expanded={isOpen}
            aria-label={`Preview of ${name}`}
            onClick={() => setOpen(!isOpen)}
          >
            Preview
          </Button>
        )}
        {isTooLarge && <span>too large to be shown here</span>}
      </div>
      {kind === 'minidump' && (
        <p className={styles['note']}>
          Kept as it came, and not processed into frames. To look at it: download it, then{' '}
          <code>minidump-stackwalk {showControls(fileName(name))}</code> with the build's symbols, or open it in WinDbg
          or lldb.
        </p>
      )}
      {isOpen && (
        <Suspense fallback={<Skeleton label={`Loading ${name}`} rows={4} />}>
          <AttachmentPreview project={project} eventId={eventId} attachment={attachment} />
        </Suspense>
      )}
    </>
  );
}

/** Of a path, as a word that a shell takes as it is; else the words for one. */
const fileName = (name: string) => /\w[\w.-]{0,79}$/.exec(name)?.[0] ?? 'crash.dmp';

/** Taken by the SDK at the time of the crash, and small enough to come without being asked for. */
const isScreenshot = ({ name, size }: Attachment) => /^screenshot/i.test(name) && size < 2_000_000;

/** Calls once when the element is about to be seen. */
function whenInSight(element: Element | null, call: () => void): (() => void) | undefined {
  if (!element || typeof IntersectionObserver === 'undefined') return undefined;
  const observer = new IntersectionObserver(
    ([entry]) => {
      if (!entry?.isIntersecting) return;
      observer.disconnect();
      call();
    },
    { rootMargin: '200px' },
  );
  observer.observe(element);
  return () => observer.disconnect();
}
