import { CopyButton } from '../components/copy-button.tsx';
import { CodeBlock } from '../highlight/code-block.tsx';
import styles from './answer.module.css';

const shells = new Set(['bash', 'sh', 'shell', 'zsh', 'console', 'powershell', 'ps1', 'bat', 'cmd', 'fish']);

/** Code of an answer, marked as such: it was neither run nor tried, and a command least of all. */
export function AnswerCode({ code, language }: { code: string; language: string | null }) {
  const isCommand = language !== null && shells.has(language.toLowerCase());
  const origin = isCommand ? 'Command from the answer, not run' : 'From the answer';
  return (
    <figure className={styles['code']}>
      <figcaption data-command={isCommand || undefined}>
        <span>{origin}</span>
        {language && <span className={styles['language']}>{language}</span>}
        <CopyButton label={isCommand ? 'Copy command' : 'Copy code'} text={code.replace(/\n$/, '')} />
      </figcaption>
      <CodeBlock
        code={code}
        language={language}
        label={`${origin}: ${code.trimStart().split('\n', 1)[0]?.slice(0, 60)}`}
      />
    </figure>
  );
}
