import type { ComponentProps } from 'react';
import Markdown, { type Components, type ExtraProps } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import styles from './answer.module.css';
import { AnswerCode } from './answer-code.tsx';
import { AnswerLink } from './answer-link.tsx';

export { mendTail, splitBlocks } from './streaming-markdown.ts';

/** One level, just below the panel's own: a model starts at any, and a gap would mislead who moves from head to head. */
const Head = ({ children }: ComponentProps<'h3'>) => <h3>{children}</h3>;

const components: Components = {
  h1: Head,
  h2: Head,
  h3: Head,
  h4: Head,
  h5: Head,
  h6: Head,
  a: ({ href, children }) => <AnswerLink target={href ?? ''}>{children}</AnswerLink>,
  // Fetching an image would tell its host whatever its address carries.
  img: ({ src, alt }) => (
    <span className={styles['image']}>
      [image not loaded: {alt || 'without a description'}, {typeof src === 'string' && src ? src : 'no address'}]
    </span>
  ),
  pre: ({ node }) => <AnswerCode {...codeOf(node)} />,
  table: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section className={styles['table']} tabIndex={0} aria-label="Table">
      <table>{children}</table>
    </section>
  ),
  // Without the ids that footnotes and their like would set on the page.
  li: ({ children }) => <li>{children}</li>,
  sup: ({ children }) => <sup>{children}</sup>,
  section: ({ children }) => <div>{children}</div>,
};

/** The text of a code block and the language that its fence names. */
function codeOf(node: ExtraProps['node']): { code: string; language: string | null } {
  const child = node?.children[0];
  if (child?.type !== 'element') return { code: '', language: null };
  const classNames = child.properties['className'];
  const named = Array.isArray(classNames) ? classNames.find((name) => String(name).startsWith('language-')) : undefined;
  const code = child.children.map((part) => (part.type === 'text' ? part.value : '')).join('');
  return { code, language: named === undefined ? null : String(named).slice('language-'.length) };
}

/**
 * One block of an answer. Raw HTML shows as the text that it is. Addresses come through unchanged because they are only
 * ever shown as text: AnswerLink opens none but http and https, after asking; there are no images.
 */
export default function AnswerMarkdown({ text }: { text: string }) {
  return (
    <Markdown remarkPlugins={[remarkGfm]} components={components} urlTransform={(address) => address}>
      {text}
    </Markdown>
  );
}
