import { useMemo, useState } from 'react';
import type { Frame } from '../../server/protocol/contract.ts';
import { showControls } from '../components/annotated-text-controls.ts';
import { metaAt } from '../components/annotated-text-meta.ts';
import { languageOf } from '../highlight/languages.ts';
import { useHighlightedLines } from '../highlight/use-highlighted-lines.ts';
import { clipLine } from './clip-line.ts';
import { ContextLine } from './context-line.tsx';
import styles from './context-source.module.css';
import { coverageLook, getLineCoverage, type LineCoverage, type LineHits } from './coverage.ts';

type Props = {
  frame: Frame;
  platform: string;
  lineCoverage: LineCoverage | null;
  lineHits?: LineHits | null | undefined;
  /** `_meta` of the context list. */
  meta?: unknown;
};

/** The source lines of a frame, the line that ran marked. A frame without a line number numbers that line 0. */
export function ContextSource({ frame, platform, lineCoverage, lineHits, meta }: Props) {
  const [whole, setWhole] = useState<ReadonlySet<number>>(new Set());
  const activeLine = frame.lineNo ?? 0;
  const rows = useMemo(
    () =>
      frame.context.map(([number, text]) => {
        const line = showControls((text ?? '').replace(/\r?\n$/, ''));
        const isActive = number === activeLine;
        const shown = whole.has(number) ? uncut(line) : clipLine(line, isActive ? frame.colNo : null);
        return { number, isActive, isMissing: text === null, line, ...shown };
      }),
    [frame, activeLine, whole],
  );
  const lines = useMemo(() => rows.map(({ text }) => text), [rows]);
  const tokens = useHighlightedLines({
    lines,
    language: languageOf({ path: frame.filename || frame.absPath, platform }),
    activeIndex: rows.findIndex(({ isActive }) => isActive),
  });
  const [coverage, hasCoverage] = getLineCoverage(frame.context, lineCoverage ?? []);
  const hits = new Map(lineHits);
  return (
    <ol
      className={styles.lines}
      start={rows[0]?.number}
      aria-label="Source"
      data-has-coverage={hasCoverage || undefined}
    >
      {rows.map((row, index) => (
        <ContextLine
          // biome-ignore lint/suspicious/noArrayIndexKey: the line's place is its identity
          key={index}
          {...row}
          hasNumber={!!frame.lineNo}
          tokens={tokens[index] ?? []}
          coverage={coverageLook(coverage[index])}
          hits={hits.get(row.number)}
          meta={metaAt(meta, index, 1)}
          onShowWhole={() => setWhole(new Set([...whole, row.number]))}
        />
      ))}
    </ol>
  );
}

const uncut = (text: string) => ({ before: 0, text, after: 0 });
