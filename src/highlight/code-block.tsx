import { useMemo } from 'react';
import styles from './code-block.module.css';
import { CodeTokens } from './code-tokens.tsx';
import { maxCharacters } from './highlight-lines.ts';
import { languageNamed } from './languages.ts';
import { useHighlightedLines } from './use-highlighted-lines.ts';

/**
 * A block of code that is complete in itself (an answer's, a snippet's). `language` is any name that people use (`py`,
 * `tsx`, `c#`); an unknown one leaves the code plain. Scrolls sideways by keyboard, too.
 */
export function CodeBlock({
  code,
  language,
  label = 'Code',
}: {
  code: string;
  language?: string | null;
  /** What the block is, for those who cannot see it. */
  label?: string;
}) {
  const isPlain = code.length > maxCharacters;
  const lines = useMemo(() => (isPlain ? [] : code.replace(/\r?\n$/, '').split(/\r?\n/)), [code, isPlain]);
  const rows = useHighlightedLines({ lines, language: languageNamed(language) });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section className={styles.block} tabIndex={0} aria-label={label}>
      <code>
        {/* A megabyte of JSON is one text node, not thirty thousand elements. */}
        {isPlain && code}
        {rows.map((tokens, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
          <span key={index}>
            <CodeTokens tokens={tokens} />
            {index < rows.length - 1 && '\n'}
          </span>
        ))}
      </code>
    </section>
  );
}
