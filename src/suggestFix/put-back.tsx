import { useContext } from 'react';
import styles from './answer.module.css';
import { showInvisible } from './answer-invisible.ts';
import { PlaceholdersContext, putBack } from './answer-placeholders.ts';

/** A line of code of an answer: what redaction took out put back and seen to be, and what cannot be seen shown. */
export function PutBack({ text }: { text: string }) {
  const placeholders = useContext(PlaceholdersContext);
  return putBack(showInvisible(text), placeholders).map(({ text: piece, isPutBack }, index) =>
    isPutBack ? (
      <mark
        // biome-ignore lint/suspicious/noArrayIndexKey: a piece has no identity but its place
        key={index}
        className={styles['putBack']}
        title="Put back on this page alone: neither the model nor a copy has it"
      >
        {piece}
      </mark>
    ) : (
      piece
    ),
  );
}
