import { useId, useState } from 'react';
import type { ArtifactBundle } from '../../../server/protocol/contract.ts';
import { useWhyNot } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { Icon } from '../../components/icon.tsx';
import { formatBytes, formatExact } from '../../components/numbers.ts';
import { TimeAgo } from '../../components/time-ago.tsx';
import { DeleteUploadDialog } from './delete-upload-dialog.tsx';
import rows from './rows.module.css';
import { SourceMapsFiles } from './source-maps-files.tsx';
import styles from './source-maps-list.module.css';
import { uploadName } from './upload-name.ts';

type Props = { bundles: readonly ArtifactBundle[]; project: string; isBusy: boolean };

/** One row an upload; opened it shows its files. */
export function SourceMapsList({ bundles, project, isBusy }: Props) {
  const [asked, setAsked] = useState<ArtifactBundle | null>(null);
  return (
    <div className={classNames(rows['list'], styles['list'])} aria-busy={isBusy || undefined}>
      <div className={rows['head']} aria-hidden="true">
        <span>Release</span>
        <span>Files</span>
        <span>Size</span>
        <span>Uploaded</span>
      </div>
      <ul aria-label="Uploads">
        {bundles.map((bundle) => (
          <UploadRow key={bundle.bundleId} bundle={bundle} project={project} onDelete={() => setAsked(bundle)} />
        ))}
      </ul>
      {asked && <DeleteUploadDialog bundle={asked} project={project} onClose={() => setAsked(null)} />}
    </div>
  );
}

function UploadRow({ bundle, project, onDelete }: { bundle: ArtifactBundle; project: string; onDelete: () => void }) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const whyNot = useWhyNot('project:releases');
  const name = uploadName(bundle);
  return (
    <li className={styles['item']}>
      <div className={classNames(rows['row'], styles['row'])}>
        <div className={styles['name']}>
          <button
            type="button"
            className={styles['fold']}
            aria-label={`Files of ${name}`}
            aria-describedby={`${id}-bundle`}
            aria-expanded={isOpen}
            aria-controls={isOpen ? `${id}-files` : undefined}
            onClick={() => setOpen(!isOpen)}
          >
            <Icon name="down" />
          </button>
          <div>
            <Associations bundle={bundle} />
            <code id={`${id}-bundle`}>{bundle.bundleId}</code>
          </div>
        </div>
        <div className={classNames(rows['muted'], styles['files'])}>
          {formatExact(bundle.fileCount)}
          <span className={rows['label']}>{bundle.fileCount === 1 ? ' file' : ' files'}</span>
        </div>
        <div className={classNames(rows['muted'], styles['size'])}>
          {typeof bundle.size === 'number' ? formatBytes(bundle.size) : ''}
        </div>
        <div className={classNames(rows['muted'], styles['date'])}>
          <TimeAgo date={bundle.date} />
        </div>
        <div className={classNames(rows['actions'], styles['actions'])}>
          <Button look="quiet" icon="trash" whyNot={whyNot} aria-label={`Delete ${name}`} onClick={onDelete} />
        </div>
      </div>
      {isOpen && (
        <div id={`${id}-files`} className={styles['content']}>
          <SourceMapsFiles project={project} bundleId={bundle.bundleId} name={name} />
        </div>
      )}
    </li>
  );
}

const mostNamed = 3;

/** Releases and dists that it was uploaded for; maps with debug ids need none. */
function Associations({ bundle: { associations } }: { bundle: ArtifactBundle }) {
  const named = associations.filter(({ release }) => release);
  if (named.length === 0) return <strong className={styles['none']}>For any release, by debug id</strong>;
  const rest = named.length - mostNamed;
  return (
    <>
      {named.slice(0, mostNamed).map(({ release, dist }) => (
        <strong key={`${release} ${dist}`}>
          {release}
          {dist && <span className={styles['dist']}>dist {dist}</span>}
        </strong>
      ))}
      {rest > 0 && <span className={styles['none']}>and {rest} more</span>}
    </>
  );
}
