import { lazy, Suspense } from 'react';
import type { Frame } from '../../server/protocol/contract.ts';
import { metaAt } from '../components/annotated-text-meta.ts';
import { Boundary } from '../components/boundary.tsx';
import { Icon } from '../components/icon.tsx';
import { Skeleton } from '../components/skeleton.tsx';
import styles from './context.module.css';
import { ContextSource } from './context-source.tsx';
import { coverageOf } from './coverage.ts';
import { detailsOf, isExpandable, platformOf, type Registers } from './frame-details.ts';
import { FrameErrors } from './frame-errors.tsx';
import { FrameFields } from './frame-fields.tsx';
import { FrameVariables } from './frame-variables.tsx';
import type { Scene } from './scene.ts';
import { type FrameLink, useFrameLink } from './use-frame-link.ts';

const FrameOrigin = lazy(async () => ({ default: (await import('./assembly.tsx')).FrameOrigin }));
/** What the server adds to a frame: source, coverage, links. Not there at first sight. */
const FrameLinked = lazy(async () => ({ default: (await import('./frame-linked.tsx')).FrameLinked }));
/** Only the newest frame of a native crash has them. */
const FrameRegisters = lazy(async () => ({ default: (await import('./frame-registers.tsx')).FrameRegisters }));

type Props = {
  frame: Frame;
  scene: Scene;
  /** Of the stack trace, and only with the frame that they belong to: its newest. */
  registers?: Registers | null;
  /** `_meta` of the frame, and of the registers. */
  meta?: unknown;
  registersMeta?: unknown;
  /** Is the frame open? What the server knows of it is asked for once it is. */
  isExpanded: boolean;
  /** Say so when there is nothing to show; else nothing is drawn. */
  emptySourceNotation?: boolean;
};

/** Everything that is known about one frame: source with line coverage, variables, registers, assembly, errors. */
export function Context({ frame, scene, registers, meta, registersMeta, isExpanded, emptySourceNotation }: Props) {
  const details = detailsOf(frame, { registers, platform: scene.platform });
  const link = useFrameLink(frame, scene, isExpanded && (details.hasSource || details.mayHaveSource));
  if (!isExpandable(details)) {
    if (!emptySourceNotation) return null;
    return (
      <p className={styles.empty}>
        <Icon name="info" />
        No additional details are available for this frame.
      </p>
    );
  }
  const platform = platformOf(frame, scene.platform);
  return (
    <div className={styles.context}>
      {details.hasErrors && <FrameErrors errors={frame.errors} />}
      {details.hasSource && (
        <ContextSource
          frame={frame}
          platform={platform}
          lineCoverage={coverageOf(link.data, frame.lineNo)}
          lineHits={link.data?.codecov?.lineHits}
          meta={metaAt(meta, 'context')}
        />
      )}
      {(details.mayHaveSource || hasAnswer(link)) && (
        <Boundary what="The source">
          <Suspense fallback={details.mayHaveSource && <Skeleton label="Loading the source" />}>
            <FrameLinked frame={frame} scene={scene} link={link} hasSource={details.hasSource} />
          </Suspense>
        </Boundary>
      )}
      {details.hasVariables && (
        <FrameVariables
          variables={frame.vars ?? {}}
          meta={metaAt(meta, 'vars')}
          platform={platform}
          line={frame.context.find(([number]) => number === (frame.lineNo ?? 0))?.[1] ?? ''}
        />
      )}
      {details.hasRegisters && (
        <Suspense fallback={<Skeleton label="Loading the registers" rows={3} />}>
          <FrameRegisters registers={registers ?? {}} meta={registersMeta} scene={scene} />
        </Suspense>
      )}
      {details.hasOrigin && (
        <Suspense fallback={<Skeleton label="Loading where the code comes from" rows={1} />}>
          <FrameOrigin frame={frame} scene={scene} meta={meta} hasAssembly={details.hasAssembly} />
        </Suspense>
      )}
      <FrameFields frame={frame} platform={platform} meta={meta} />
    </div>
  );
}

/** Is there anything to say of a frame whose source came with it? */
function hasAnswer({ data, isError }: FrameLink): boolean {
  return isError || !!data?.sourceUrl || !!data?.source?.path || (data?.codecov?.status ?? 404) !== 404;
}
