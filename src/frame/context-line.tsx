import { AnnotatedText } from '../components/annotated-text.tsx';
import { annotationOf, hasMarkedPieces } from '../components/annotated-text-meta.ts';
import { formatCount } from '../components/numbers.ts';
import { Tooltip } from '../components/tooltip.tsx';
import { CodeTokens } from '../highlight/code-tokens.tsx';
import type { Token } from '../highlight/token.ts';
import styles from './context-line.module.css';
import { type CoverageLook, coverageSentence } from './coverage.ts';

type Props = {
  number: number;
  /** False where the frame has no line number, and the numbers are only places. */
  hasNumber: boolean;
  isActive: boolean;
  /** The SDK could not read the line. */
  isMissing: boolean;
  /** The whole line; the tokens are what is shown of it. */
  line: string;
  tokens: readonly Token[];
  /** Characters left out on either side of a very long line. */
  before: number;
  after: number;
  coverage: CoverageLook | null;
  /** How often tests ran it; undefined where the report does not count. */
  hits: number | undefined;
  meta: unknown;
  onShowWhole: () => void;
};

/** One line of source: its number with its coverage, its text. The line that ran is the current item of the list. */
export function ContextLine(props: Props) {
  const { number, hasNumber, isActive, coverage, hits } = props;
  const covered = coverage ? coverageSentence(coverage, hits) : '';
  const label = (
    <>
      {hasNumber && number > 0 ? number : ''}
      {covered && <span className={styles.unseen}>, {covered}: </span>}
    </>
  );
  return (
    <li
      className={styles.line}
      data-active={isActive || undefined}
      data-coverage={coverage ?? undefined}
      aria-current={isActive || undefined}
    >
      {covered ? (
        <Tooltip text={covered} className={styles.number} isFocusable={false}>
          {label}
        </Tooltip>
      ) : (
        <span className={styles.number}>{label}</span>
      )}
      <code className={styles.code}>
        <LineText {...props} />
      </code>
      {covered && hits !== undefined && (
        <span className={styles.hits} aria-hidden="true">
          {formatCount(hits)}×
        </span>
      )}
    </li>
  );
}

function LineText({ isMissing, line, tokens, before, after, meta, onShowWhole }: Props) {
  if (isMissing) {
    return annotationOf(meta) ? (
      <AnnotatedText value={null} meta={meta} />
    ) : (
      <span className={styles.missing}>(not sent)</span>
    );
  }
  // What scrubbing replaced is marked where it was; colours, and a cut, would move it.
  if (hasMarkedPieces(annotationOf(meta))) return <AnnotatedText value={line} meta={meta} />;
  const code = <CodeTokens tokens={tokens} />;
  return (
    <>
      {before > 0 && <Cut count={before} onShowWhole={onShowWhole} />}
      {annotationOf(meta) ? (
        <AnnotatedText value={line} meta={meta}>
          {code}
        </AnnotatedText>
      ) : (
        code
      )}
      {after > 0 && <Cut count={after} onShowWhole={onShowWhole} />}
    </>
  );
}

function Cut({ count, onShowWhole }: { count: number; onShowWhole: () => void }) {
  return (
    <button type="button" className={styles.cut} onClick={onShowWhole} title="Show the whole line">
      {count.toLocaleString('en-US')} characters
    </button>
  );
}
