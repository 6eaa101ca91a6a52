import type { PatchCheck } from '../../server/protocol/contract.ts';
import { Icon } from '../components/icon.tsx';
import styles from './patch.module.css';
import { lineRanges } from './patch-lines.ts';
import { PutBack } from './put-back.tsx';

type File = NonNullable<PatchCheck['files']>[number];

/** What was found out file by file. Unfolded from the start where a file is why the patch is of no use. */
export function PatchFiles({ files }: { files: readonly File[] }) {
  const isBad = files.some(({ parses, failedHunk }) => parses === false || failedHunk != null);
  return (
    <details className={styles['files']} open={isBad}>
      <summary>
        <Icon name="right" />
        {files.length === 1 ? 'What was checked in 1 file' : `What was checked in ${files.length} files`}
      </summary>
      <ul>
        {files.map((file) => (
          <li key={file.path}>
            <code>{file.path}</code>
            <p>{parsingWords(file)}</p>
            {file.uncoveredLines && file.uncoveredLines.length > 0 && (
              <p>No test reached {lineRanges(file.uncoveredLines)}.</p>
            )}
            {file.failedHunk != null && <FailedHunk file={file} number={file.failedHunk} />}
          </li>
        ))}
      </ul>
    </details>
  );
}

function parsingWords({ parses, parseError, failedHunk }: File): string {
  if (parses === true) return 'Parses with the patch.';
  if (parses === false) return `Does not parse with the patch${parseError ? `: ${parseError}` : '.'}`;
  if (failedHunk != null) return 'Not parsed, as the patch does not apply.';
  return `Not parsed: ${parseError || 'no parser here knows its language'}.`;
}

function FailedHunk({ file: { expected, found }, number }: { file: File; number: number }) {
  return (
    <>
      <p>Hunk {number} finds no place in the file.</p>
      {expected && <Lines title="The patch expects" lines={expected} />}
      {found && <Lines title="The file has" lines={found} />}
    </>
  );
}

function Lines({ title, lines }: { title: string; lines: readonly string[] }) {
  return (
    <>
      <p>{title}:</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <section className={styles['lines']} tabIndex={0} aria-label={title}>
        {lines.length > 0 ? <PutBack text={lines.join('\n')} /> : 'nothing'}
      </section>
    </>
  );
}
