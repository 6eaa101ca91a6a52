import styles from './code-tokens.module.css';
import type { Token } from './token.ts';

/** One line's tokens, as text: nothing of a source line is ever read as HTML. */
export function CodeTokens({ tokens }: { tokens: readonly Token[] }) {
  return tokens.map(({ text, kind }, index) =>
    kind === 'plain' ? (
      text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: tokens have no identity but their place
      <span key={index} className={styles[kind]}>
        {text}
      </span>
    ),
  );
}
