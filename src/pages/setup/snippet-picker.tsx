import { useState } from 'react';
import { Link } from 'react-router';
import type { Project } from '../../../server/protocol/contract.ts';
import { readStored, writeStored } from '../../components/stored.ts';
import { Copyable } from './copyable.tsx';
import styles from './snippet-picker.module.css';
import { type Snippet, snippets } from './snippets.ts';

const key = 'stackmend-sdk';
/** SDKs whose programs are built before they run. */
const minified: ReadonlySet<string> = new Set(['browser', 'react']);
/** The project's platform (`python-django`, `node`) names an SDK here or begins with one. */
const startOf = (platform: string | null | undefined) =>
  snippets.find(({ id }) => id === platform || id === platform?.split('-').at(-1) || id === platform?.split('-')[0])
    ?.id;

/** One SDK of many: install line and code, with the DSN in it. */
export function SnippetPicker({ dsn, project }: { dsn: string; project: Project }) {
  const [chosen, setChosen] = useState(() => readStored(key) ?? startOf(project.platform) ?? 'node');
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
      {minified.has(snippet?.id ?? '') && (
        <p className={styles['note']}>
          What a browser runs is minified:{' '}
          <Link to={`/settings/source-maps/?project=${encodeURIComponent(project.slug)}`}>upload its source maps</Link>,
          and stack traces show the code as it was written.
        </p>
      )}
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
