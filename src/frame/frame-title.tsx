import type { Frame } from '../../server/protocol/contract.ts';
import { AnnotatedText } from '../components/annotated-text.tsx';
import { showControls } from '../components/annotated-text-controls.ts';
import { annotationOf, metaAt } from '../components/annotated-text-meta.ts';
import { Icon } from '../components/icon.tsx';
import { Tooltip } from '../components/tooltip.tsx';
import { platformOf } from './frame-details.ts';
import { framePath, framePosition, frameTooltip, nativeHint, packageName, shortPath } from './frame-path.ts';
import styles from './frame-title.module.css';
import type { Scene } from './scene.ts';

/** Where a frame is: path, line and column, function, package. Unknown parts say so. */
export function FrameTitle({ frame, scene, meta, id }: { frame: Frame; scene: Scene; meta?: unknown; id?: string }) {
  const platform = platformOf(frame, scene.platform);
  const path = framePath(frame, platform);
  const position = framePosition(frame);
  const isAddressed = !path && !!frame.instructionAddr;
  const hint = nativeHint(frame);
  return (
    <span className={styles.title} id={id}>
      <Tooltip text={frameTooltip(frame, platform)} delay={1000} isFocusable={false} className={styles.path}>
        {isAddressed ? (
          <code>{frame.instructionAddr}</code>
        ) : (
          <Annotated
            value={path}
            short={path && shortPath(path)}
            meta={metaAt(meta, path === frame.module ? 'module' : 'filename')}
          />
        )}
        {position && <span className={styles.position}>{position}</span>}
      </Tooltip>{' '}
      {(frame.function || !isAddressed) && (
        <span className={styles.function}>
          <i>in</i> <Annotated value={frame.function || frame.symbol} meta={metaAt(meta, 'function')} />
        </span>
      )}{' '}
      {frame.package && platform !== 'csharp' && (
        <span className={styles.package}>
          <i>within</i> <span title={frame.package}>{packageName(frame.package)}</span>
        </span>
      )}{' '}
      {!isAddressed && !path && frame.instructionAddr && <code>{frame.instructionAddr}</code>}{' '}
      {hint && (
        <Tooltip text={hint} className={styles.hint}>
          <Icon name="info" />
          <span className={styles.unseen}>{hint}</span>
        </Tooltip>
      )}
    </span>
  );
}

type AnnotatedProps = { value: string | null | undefined; short?: string | null; meta: unknown };

function Annotated({ value, short, meta }: AnnotatedProps) {
  if (!value && !annotationOf(meta)) return '<unknown>';
  return (
    <AnnotatedText value={value} meta={meta}>
      {showControls((annotationOf(meta) ? value : (short ?? value)) ?? '')}
    </AnnotatedText>
  );
}
