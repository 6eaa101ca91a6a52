import { Component, lazy, memo, type ReactNode, Suspense, useMemo } from 'react';
import styles from './answer.module.css';
import { mendTail, splitBlocks } from './streaming-markdown.ts';

const loadMarkdown = () => import('./answer-markdown.tsx');
const AnswerMarkdown = lazy(loadMarkdown);

/** Fetches the Markdown chunk while the model still thinks. A failure shows when the answer is drawn. */
export const preloadAnswer = () => void loadMarkdown().catch(() => undefined);

/** Characters drawn as Markdown; an answer is a few thousand. What is beyond stays readable as plain text. */
const maxMarkdownLength = 60_000;

/**
 * A model's answer. It is a stranger's text, steered perhaps by a stranger's event: Markdown without HTML, images or live
 * links. Finished blocks are drawn once; only the last is drawn again while the answer grows.
 */
export function Answer({ text, isGrowing }: { text: string; isGrowing: boolean }) {
  const blocks = useMemo(() => splitBlocks(text.slice(0, maxMarkdownLength)), [text]);
  const beyond = text.slice(maxMarkdownLength);
  return (
    <div className={styles['answer']}>
      {blocks.map((block, index) => (
        <Block
          // biome-ignore lint/suspicious/noArrayIndexKey: an answer only grows at its end, so a block is its place
          key={index}
          text={isGrowing && index === blocks.length - 1 ? mendTail(block) : block}
        />
      ))}
      {beyond && <p className={styles['plain']}>{beyond}</p>}
    </div>
  );
}

/** A hundred quotes or lists within one another: no person writes that, and drawing thousands would overflow the stack. */
const isTooNested = (block: string) => /^(?:[ \t]*(?:>|[-*+][ \t]|\d{1,9}[.)][ \t])){100}/m.test(block);

const Block = memo(function Block({ text }: { text: string }) {
  const plain = <p className={styles['plain']}>{text}</p>;
  if (isTooNested(text)) return plain;
  return (
    <PlainOnError plain={plain}>
      <Suspense fallback={plain}>
        <AnswerMarkdown text={text} />
      </Suspense>
    </PlainOnError>
  );
});

/** A chunk that did not load (the server was renewed meanwhile), or a text that breaks the parser: the words stay readable. */
class PlainOnError extends Component<{ plain: ReactNode; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError() {
    return { failed: true };
  }
  override render() {
    return this.state.failed ? this.props.plain : this.props.children;
  }
}
