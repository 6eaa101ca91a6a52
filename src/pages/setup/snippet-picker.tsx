import { useState } from 'react';
import { CopyButton } from '../../components/copy-button.tsx';
import { readStored, writeStored } from '../../components/stored.ts';
import { CodeBlock } from '../../highlight/code-block.tsx';
import styles from './snippet-picker.module.css';
import { type Snippet, snippets } from './snippets.ts';

const key = 'stackmend-sdk';
/** The project's platform (`python-django`, `node`) names an SDK here or begins with one. */
const startOf = (platform: string | null | undefined) =>
  snippets.find(({ id }) => id === platform || id === platform?.split('-').at(-1) || id === platform?.split('-')[0])
    ?.id;

/** One SDK of many: install line and code, with the DSN in it. */
export function SnippetPicker({ dsn, platform }: { dsn: string; platform: string | null | undefined }) {
  const [chosen, setChosen] = useState(() => readStored(key) ?? startOf(platform) ?? 'node');
  const snippet = snippets.find(({ id }) => id === chosen) ?? snippets[0];
  const choose = (id: string) => {
    setChosen(id);
    writeStored(key, id);
  };
  return (
    <>
      <fieldset className={styles['tabs']} aria-label="SDK">
        {snippets.map(({ id, label }) => (
          <button key={id} type="button" aria-pressed={id === snippet?.id} onClick={() => choose(id)}>
            {label}
          </button>
        ))}
      </fieldset>
      {snippet && <SnippetView snippet={snippet} dsn={dsn} />}
    </>
  );
}

function SnippetView({ snippet, dsn }: { snippet: Snippet; dsn: string }) {
  return (
    <div className={styles['snippet']}>
      <Copyable title="Install" code={snippet.install} language="bash" />
      <Copyable title={snippet.file} code={snippet.code(dsn)} language={snippet.language} />
    </div>
  );
}

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
