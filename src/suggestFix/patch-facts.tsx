import type { PatchCheck, Suggestion } from '../../server/protocol/contract.ts';
import { Button } from '../components/button.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { Icon } from '../components/icon.tsx';
import { Sentences } from '../components/sentences.tsx';
import { patchFileName } from './answer-parts.ts';
import styles from './patch.module.css';
import { PatchFiles } from './patch-files.tsx';
import { checkWords, uncoveredCount } from './patch-words.ts';

type Props = {
  /** As the answer has it, with its placeholders; null: it has none. */
  patch: string | null;
  isGrowing: boolean;
  /** Null while it comes, and for an answer that broke off. */
  suggestion: Suggestion | null;
  shortId: string;
};

/** What was found out about the patch, and the ways to take it elsewhere. Nothing is applied from here. */
export function PatchFacts({ patch, isGrowing, suggestion, shortId }: Props) {
  if (isGrowing) return <p className={styles['facts']}>The patch is checked once the answer is whole.</p>;
  if (!suggestion) return <p className={styles['facts']}>Not checked: the answer is incomplete.</p>;
  const check = suggestion.patchCheck;
  // The one that was checked: with a model's own counts of lines git may refuse what it calls applicable.
  const taken = check?.patch ?? patch;
  const command = suggestion.id && `stackmend fixes show ${suggestion.id}`;
  return (
    <div className={styles['facts']}>
      <CheckBadge check={check} />
      {check?.detail && (
        <p>
          <Sentences text={check.detail} />
        </p>
      )}
      <Uncovered check={check} />
      {check?.files && check.files.length > 0 && <PatchFiles files={check.files} />}
      {taken !== patch && <p>Copied and downloaded as git takes it: its lines are counted anew.</p>}
      {taken && (
        <div className={styles['ways']}>
          <CopyButton label="Copy patch" text={taken}>
            Copy patch
          </CopyButton>
          <Button icon="download" onClick={() => download(taken, patchFileName(shortId, suggestion))}>
            Download .patch
          </Button>
        </div>
      )}
      {taken && command && (
        <p className={styles['command']}>
          <span>In the terminal:</span> <code>{command}</code>
          <CopyButton label={`Copy: ${command}`} text={command} />
        </p>
      )}
    </div>
  );
}

function CheckBadge({ check }: { check: PatchCheck | null | undefined }) {
  const { tone, words } = checkWords(check);
  return (
    <p className={styles['badge']} data-tone={tone}>
      <Icon name={tone === 'success' ? 'check' : tone === 'neutral' ? 'info' : 'warning'} />
      {words}
    </p>
  );
}

function Uncovered({ check }: { check: PatchCheck | null | undefined }) {
  const count = uncoveredCount(check);
  if (count === null) return null;
  if (count === 0) return <p>Tests reach every line that it changes.</p>;
  return (
    <p className={styles['uncovered']}>
      {count === 1 ? 'One line that it changes was' : `${count} lines that it changes were`} reached by no test.
    </p>
  );
}

function download(patch: string, name: string): void {
  const url = URL.createObjectURL(new Blob([patch], { type: 'text/x-patch' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has it by then, and the address would keep it in memory.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
