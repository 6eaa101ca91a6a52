import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import type { Frame } from '../../server/protocol/contract.ts';
import { stacktraceLinkQuery } from '../api/stacktrace-link.ts';
import { metaAt } from '../components/annotated-text-meta.ts';
import { Icon } from '../components/icon.tsx';
import { Skeleton } from '../components/skeleton.tsx';
import { AssemblyDetails } from './assembly.tsx';
import styles from './context.module.css';
import { ContextSource } from './context-source.tsx';
import { coverageOf, coverageReason } from './coverage.ts';
import { CoverageReasonNote } from './coverage-note.tsx';
import { detailsOf, isExpandable, platformOf, type Registers } from './frame-details.ts';
import { FrameErrors } from './frame-errors.tsx';
import { FrameFields } from './frame-fields.tsx';
import { FrameVariables } from './frame-variables.tsx';
import type { Scene } from './scene.ts';

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
  /** Is the frame open? Coverage is asked for once it is. */
  isExpanded: boolean;
  /** Say so when there is nothing to show; else nothing is drawn. */
  emptySourceNotation?: boolean;
};

/** Everything that is known about one frame: source with line coverage, variables, registers, assembly, errors. */
export function Context({ frame, scene, registers, meta, registersMeta, isExpanded, emptySourceNotation }: Props) {
  const details = detailsOf(frame, { registers, platform: scene.platform });
  const link = useFrameLink(frame, scene, isExpanded && details.hasSource);
  if (!isExpandable(details)) {
    if (!emptySourceNotation) return null;
    return (
      <p className={styles.empty}>
        <Icon name="info" />
        No additional details are available for this frame.
      </p>
    );
  }
  const reason = frame.inApp ? coverageReason(link.data) : null;
  const platform = platformOf(frame, scene.platform);
  return (
    <div className={styles.context}>
      {details.hasErrors && <FrameErrors errors={frame.errors} />}
      {details.hasSource && (
        <ContextSource
          frame={frame}
          platform={platform}
          lineCoverage={coverageOf(link.data, frame.lineNo)}
          meta={metaAt(meta, 'context')}
        />
      )}
      {reason && <CoverageReasonNote reason={reason} />}
      {link.isError && <p className={styles.note}>Line coverage could not be loaded: {link.error.message}</p>}
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
          <FrameRegisters registers={registers ?? {}} meta={registersMeta} arch={scene.arch} />
        </Suspense>
      )}
      {details.hasAssembly && <AssemblyDetails fullName={frame.package} />}
      <FrameFields frame={frame} platform={platform} meta={meta} />
    </div>
  );
}

function useFrameLink(frame: Frame, scene: Scene, isWanted: boolean) {
  const { project, release, commitId, sdkName } = scene;
  const { filename: file, lineNo, absPath, module, package: packagePath } = frame;
  return useQuery({
    ...stacktraceLinkQuery(project, {
      file,
      lineNo,
      absPath,
      module,
      package: packagePath,
      platform: platformOf(frame, scene.platform),
      sdkName,
      release,
      commitId,
    }),
    enabled: isWanted && !!file && !!lineNo,
  });
}
