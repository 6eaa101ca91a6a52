import { useContext, useMemo } from 'react';
import type { Frame } from '../../server/protocol/contract.ts';
import { Button } from '../components/button.tsx';
import { Skeleton } from '../components/skeleton.tsx';
import { ContextSource } from './context-source.tsx';
import { coverageOf, getLineCoverage } from './coverage.ts';
import { CoverageLegend, CoverageRemark } from './coverage-note.tsx';
import { coverageNote } from './coverage-reason.ts';
import { platformOf } from './frame-details.ts';
import styles from './frame-linked.module.css';
import { FrameLinks } from './frame-links.tsx';
import { CheckoutMark, SourceReasonNote } from './frame-source.tsx';
import type { Scene } from './scene.ts';
import { SourceMapNotes } from './source-map-notes.ts';
import { sourceReason } from './source-reason.ts';
import type { FrameLink } from './use-frame-link.ts';

type Props = {
  frame: Frame;
  scene: Scene;
  link: FrameLink;
  /** Did its lines come with the event? Else they are sought in the checkout. */
  hasSource: boolean;
};

/** What the server knows of a frame: its lines from the checkout, where none came, their coverage, where else to read them. */
export function FrameLinked({ frame, scene, link, hasSource }: Props) {
  const source = link.data?.source;
  const fetched = useMemo(
    () => (!hasSource && source?.context?.length ? { ...frame, context: source.context } : null),
    [frame, source, hasSource],
  );
  // Of a script from the web, its map is what is missing.
  const isExplained = !!useContext(SourceMapNotes)?.get(frame) && /^https?:/.test(frame.absPath ?? '');
  if (link.isPending) return hasSource ? null : <Skeleton label="Loading the source" />;
  if (link.isError) {
    return (
      <p className={styles.failed}>
        {hasSource ? 'Line coverage' : 'The source'} could not be loaded: {link.error.message}
        <Button look="quiet" onClick={() => link.refetch()}>
          Try again
        </Button>
      </p>
    );
  }
  const lineCoverage = coverageOf(link.data, frame.lineNo);
  const lines = fetched ?? frame;
  const [, hasCoverage] = getLineCoverage(lines.context, lineCoverage ?? []);
  const note = frame.inApp ? coverageNote(link.data) : null;
  const reason = hasSource || fetched || isExplained ? null : sourceReason(frame, scene, link.data);
  return (
    <>
      {fetched && (
        <>
          <CheckoutMark source={source} />
          <ContextSource
            frame={fetched}
            platform={platformOf(frame, scene.platform)}
            lineCoverage={lineCoverage}
            lineHits={link.data.codecov?.lineHits}
          />
        </>
      )}
      {reason && <SourceReasonNote reason={reason} />}
      {hasCoverage && <CoverageLegend />}
      {note && <CoverageRemark note={note} />}
      <FrameLinks frame={frame} project={scene.project} link={link.data} />
    </>
  );
}
