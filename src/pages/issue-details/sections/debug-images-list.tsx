import { useDeferredValue, useMemo, useState } from 'react';
import type { Event } from '../../../../server/protocol/contract.ts';
import { showControls } from '../../../components/annotated-text-controls.ts';
import { Badge, type Tone } from '../../../components/badge.tsx';
import { Button } from '../../../components/button.tsx';
import { CopyButton } from '../../../components/copy-button.tsx';
import { FindField, matcherOf } from '../../../components/find-field.tsx';
import { KeyValues } from '../../../components/key-values.tsx';
import { rowsOf } from '../event-entries.ts';
import { type DebugImage, debugImagesOf, findImages, formatAddress, type ImageStatus } from './debug-images.ts';
import styles from './debug-images-list.module.css';
import { Unreadable } from './unreadable.tsx';

const words: Record<ImageStatus, { label: string; tone: Tone; title: string }> = {
  found: { label: 'Found', tone: 'success', title: 'Its debug file was found, and its frames have names.' },
  missing: { label: 'Missing', tone: 'error', title: 'Frames lie in it, but its debug file or a symbol is missing.' },
  malformed: { label: 'Malformed', tone: 'error', title: 'Its debug file could not be read.' },
  unused: { label: 'Unused', tone: 'neutral', title: 'No frame of this event lies in it.' },
  unknown: {
    label: 'Not looked up',
    tone: 'neutral',
    title: 'Nothing in the event says whether its debug file was found.',
  },
};
/** What hurts first, what matters not last. */
const order: ImageStatus[] = ['missing', 'malformed', 'unknown', 'found', 'unused'];
const pageSize = 50;

/** Libraries and source maps that were loaded. */
export function DebugImagesList({ event }: { event: Event }) {
  const images = useMemo(
    () => debugImagesOf(event).sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status) || a.index - b.index),
    [event],
  );
  const [search, setSearch] = useState('');
  const [shown, setShown] = useState(pageSize);
  const asked = useDeferredValue(search);
  const found = findImages(images, asked, matcherOf(asked));
  return (
    <>
      <p className={styles['tools']}>
        <FindField label="Name, id, status or 0x address" value={search} onChange={setSearch} />
        <span role="status">{search && `${found.length} of ${images.length}`}</span>
      </p>
      {found.length === 0 && <p className={styles['none']}>No image matches.</p>}
      <ul className={styles['images']} aria-label="Debug images">
        {found.slice(0, shown).map((image) => (
          <li key={image.index}>
            <Image image={image} />
          </li>
        ))}
      </ul>
      {found.length > shown && (
        <Button look="quiet" onClick={() => setShown(shown * 4)}>
          Show more of {found.length - shown}
        </Button>
      )}
    </>
  );
}

function Image({ image }: { image: DebugImage }) {
  const [isOpen, setOpen] = useState(false);
  const { name, path, debugId, type, arch, start, end, status, notes, frames, sent, meta } = image;
  if (typeof sent !== 'object' || sent === null) return <Unreadable what="This image" value={sent} />;
  const { label, tone, title } = words[status];
  const shownName = showControls(name);
  return (
    <>
      <div className={styles['head']}>
        <Badge tone={tone} title={title}>
          {label}
        </Badge>
        <span className={styles['name']} title={path === null ? undefined : showControls(path)}>
          {shownName}
        </span>
        <span className={styles['facts']}>
          {[type, arch]
            .filter((each) => each !== null)
            .map(showControls)
            .join(', ')}
          {frames !== null && frames > 0 && ` ${frames} ${frames === 1 ? 'frame' : 'frames'}`}
        </span>
        <Button
          look="quiet"
          aria-expanded={isOpen}
          aria-label={`${isOpen ? 'Less' : 'More'} of ${shownName}`}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? 'Less' : 'More'}
        </Button>
      </div>
      <div className={styles['ids']}>
        {start !== null && end !== null && (
          <span>
            {formatAddress(start)} – {end > start ? formatAddress(end - 1n) : 'no size'}
          </span>
        )}
        {notes.map((note) => (
          <span key={note} className={styles['note']}>
            {showControls(note)}
          </span>
        ))}
        {debugId && debugId !== name && (
          <span className={styles['id']}>
            {showControls(debugId)}
            <CopyButton label="Copy debug id" text={debugId} />
          </span>
        )}
      </div>
      {isOpen && <KeyValues label={shownName} rows={rowsOf({ ...sent }, meta)} />}
    </>
  );
}
