import type { Frame } from '../../server/protocol/contract.ts';
import { AnnotatedText } from '../components/annotated-text.tsx';
import { showControls } from '../components/annotated-text-controls.ts';
import { annotationOf, metaAt } from '../components/annotated-text-meta.ts';
import { Icon } from '../components/icon.tsx';
import { Tooltip } from '../components/tooltip.tsx';
import { platformOf } from './frame-details.ts';
import {
  absolutePath,
  framePath,
  framePosition,
  frameTooltip,
  nativeHint,
  packageName,
  shortPath,
} from './frame-path.ts';
import styles from './frame-title.module.css';
import { isNativePlatform, nativeAddress } from './native-address.ts';
import type { Scene, Spelling } from './scene.ts';

type Props = { frame: Frame; scene: Scene; spelling: Spelling; meta?: unknown; id?: string };

/** Where a frame is: path, line and column, function, package, address. Unknown parts say so. */
export function FrameTitle({ frame, scene, spelling, meta, id }: Props) {
  const platform = platformOf(frame, scene.platform);
  const whole = spelling.hasAbsolutePaths ? absolutePath(frame, platform) : null;
  const path = whole ?? framePath(frame, platform);
  const position = framePosition(frame);
  const native = isNativePlatform(platform) ? nativeAddress(frame, scene.images) : null;
  const isAddressed = !path && !!frame.instructionAddr;
  const hint = nativeHint(frame);
  const image = native?.image ?? frame.package;
  const name = (spelling.hasVerboseNames && frame.rawFunction) || frame.function || frame.symbol;
  return (
    <span className={styles.title} id={id}>
      <Tooltip text={frameTooltip(frame, platform)} delay={1000} isFocusable={false} className={styles.path}>
        {isAddressed ? (
          <Address frame={frame} native={native} isAbsolute={spelling.hasAbsoluteAddresses} />
        ) : (
          <Annotated
            value={path}
            short={path && !whole ? shortPath(path) : path}
            meta={metaAt(meta, whole ? 'absPath' : path === frame.module ? 'module' : 'filename')}
          />
        )}
        {position && <span className={styles.position}>{position}</span>}
      </Tooltip>{' '}
      {(name || !isAddressed) && (
        <span className={styles.function}>
          <i>in</i> <Annotated value={name} meta={metaAt(meta, name === frame.function ? 'function' : 'rawFunction')} />
        </span>
      )}{' '}
      {image && platform !== 'csharp' && (
        <span className={styles.package}>
          <i>within</i> <span title={image}>{packageName(image)}</span>
        </span>
      )}{' '}
      {native && !isAddressed && frame.instructionAddr && (
        <Address frame={frame} native={native} isAbsolute={spelling.hasAbsoluteAddresses} />
      )}{' '}
      {hint && (
        <Tooltip text={hint} className={styles.hint}>
          <Icon name="info" />
          <span className={styles.unseen}>{hint}</span>
        </Tooltip>
      )}
    </span>
  );
}

type AddressProps = { frame: Frame; native: ReturnType<typeof nativeAddress> | null; isAbsolute: boolean };

/** The address within the image, which is the same in every run, or on wish in memory; the other one is its title. */
function Address({ frame, native, isAbsolute }: AddressProps) {
  const { absolute, relative } = native ?? { absolute: frame.instructionAddr, relative: null };
  const shown = (isAbsolute ? absolute : relative) ?? absolute ?? relative;
  const other = shown === absolute ? relative : absolute;
  return (
    <code
      className={styles.address}
      title={other ? `${other} ${other === relative ? 'in its image' : 'in memory'}` : undefined}
    >
      {shown}
    </code>
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
