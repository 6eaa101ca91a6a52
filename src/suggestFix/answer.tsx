import { Component, type ComponentType, memo, type ReactNode, useEffect, useMemo, useSyncExternalStore } from 'react';
import { Skeleton } from '../components/skeleton.tsx';
import styles from './answer.module.css';

/** The Markdown chunk, once for the page. `lazy` would show the raw text for a while: React holds a fallback for 300 ms. */
let markdown: typeof import('./answer-markdown.tsx') | 'absent' | 'loading' | 'failed' = 'absent';
const listeners = new Set<() => void>();
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** Fetches the Markdown chunk: while the model still thinks, or when a stored answer is there. */
export async function preloadAnswer(): Promise<void> {
  if (markdown !== 'absent' && markdown !== 'failed') return;
  markdown = 'loading';
  // The server was renewed meanwhile, or is gone: the words are readable without.
  markdown = await import('./answer-markdown.tsx').catch(() => 'failed' as const);
  for (const listener of listeners) listener();
}

/** Characters drawn as Markdown; an answer is a few thousand. What is beyond stays readable as plain text. */
const maxMarkdownLength = 60_000;

/**
 * A model's answer. It is a stranger's text, steered perhaps by a stranger's event: Markdown without HTML, images or live
 * links. Finished blocks are drawn once; only the last is drawn again while the answer grows.
 */
export function Answer({ text, isGrowing }: { text: string; isGrowing: boolean }) {
  const chunk = useSyncExternalStore(subscribe, () => markdown);
  useEffect(() => void preloadAnswer(), []);
  const blocks = useMemo(
    () => (typeof chunk === 'string' ? [] : chunk.splitBlocks(text.slice(0, maxMarkdownLength))),
    [text, chunk],
  );
  if (chunk === 'absent' || chunk === 'loading') return <Skeleton label="Loading the answer…" rows={5} />;
  if (chunk === 'failed') {
    return (
      <div className={styles['answer']}>
        <Plain text={text} />
      </div>
    );
  }
  const beyond = text.slice(maxMarkdownLength);
  return (
    <div className={styles['answer']}>
      {blocks.map((block, index) => (
        <Block
          // biome-ignore lint/suspicious/noArrayIndexKey: an answer only grows at its end, so a block is its place
          key={index}
          Markdown={chunk.default}
          text={isGrowing && index === blocks.length - 1 ? chunk.mendTail(block) : block}
        />
      ))}
      {beyond && <Plain text={beyond} />}
    </div>
  );
}

/** A hundred quotes or lists within one another: no person writes that, and drawing thousands would overflow the stack. */
const isTooNested = (block: string) => /^(?:[ \t]*(?:>|[-*+][ \t]|\d{1,9}[.)][ \t])){100}/m.test(block);

const Plain = ({ text }: { text: string }) => <p className={styles['plain']}>{text}</p>;

const Block = memo(function Block({ text, Markdown }: { text: string; Markdown: ComponentType<{ text: string }> }) {
  if (isTooNested(text)) return <Plain text={text} />;
  return (
    <PlainOnError plain={<Plain text={text} />}>
      <Markdown text={text} />
    </PlainOnError>
  );
});

/** A text that breaks the parser takes neither the panel nor its own words away. */
class PlainOnError extends Component<{ plain: ReactNode; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError() {
    return { failed: true };
  }
  override render() {
    return this.state.failed ? this.props.plain : this.props.children;
  }
}
