import { CopyButton } from '../../components/copy-button.tsx';
import { CodeBlock } from '../../highlight/code-block.tsx';
import styles from './copyable.module.css';

/** Code with its name and a copy button. */
export function Copyable({ title, code, language }: { title: string; code: string; language: string }) {
  return (
    <div className={styles['copyable']}>
      <div className={styles['bar']}>
        <span>{title}</span>
        <CopyButton label={`Copy: ${title}`} text={code} />
      </div>
      <CodeBlock code={code} language={language} label={title} />
    </div>
  );
}
