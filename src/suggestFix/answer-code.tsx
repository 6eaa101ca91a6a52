import { useContext } from 'react';
import { CopyButton } from '../components/copy-button.tsx';
import { CodeBlock } from '../highlight/code-block.tsx';
import styles from './answer.module.css';
import { isCommandBlock } from './answer-commands.ts';
import { PlaceholdersContext, putBack } from './answer-placeholders.ts';

/**
 * Code of an answer, marked as such: it was neither run nor tried, and a command least of all. What redaction replaced is
 * put back where it is read, and not in what is copied.
 */
export function AnswerCode({ code, language }: { code: string; language: string | null }) {
  const segments = putBack(code, useContext(PlaceholdersContext));
  const putBackCount = segments.filter(({ isPutBack }) => isPutBack).length;
  const isCommand = isCommandBlock(code, language);
  const origin = isCommand ? 'Command from the answer, not run' : 'From the answer';
  return (
    <figure className={styles['code']}>
      <figcaption data-command={isCommand || undefined}>
        <span>
          {origin}
          {putBackCount > 0 && ', with values put back that a copy does not have'}
        </span>
        {language && <span className={styles['language']}>{language}</span>}
        <CopyButton label={isCommand ? 'Copy command from the answer' : 'Copy code'} text={code.replace(/\n$/, '')} />
      </figcaption>
      <CodeBlock
        code={segments.map(({ text }) => text).join('')}
        language={language}
        label={`${origin}: ${code.trimStart().split('\n', 1)[0]?.slice(0, 60)}`}
      />
    </figure>
  );
}
