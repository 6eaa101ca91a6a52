import { type ComponentProps, useContext, useMemo } from 'react';
import Markdown, { type Components, type ExtraProps } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import styles from './answer.module.css';
import { AnswerCode } from './answer-code.tsx';
import { showInvisible } from './answer-invisible.ts';
import { AnswerLink } from './answer-link.tsx';
import { markAnswer } from './answer-marks.ts';
import { PlaceholdersContext } from './answer-placeholders.ts';

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
  mark: ({ children }) => (
    <mark
      className={styles['putBack']}
      dir="auto"
      title="Put back on this page alone: neither the model nor a copy has it"
    >
      {children}
    </mark>
  ),
  // Of a list of tasks: nothing of an answer is a control.
  input: ({ checked }) => <span>{checked ? '[x]' : '[ ]'}</span>,
  small: () => <small className={styles['command']}>Command from the answer, not run</small>,
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
  const language = String(named ?? '').slice('language-'.length);
  // What stands there may be a sentence without blanks, or with blanks that Markdown takes for none.
  return { code, language: /^[\w+#.-]{1,20}$/.test(language) ? language : null };
}

/**
 * One block of an answer. Raw HTML shows as the text that it is. Addresses come through unchanged because they are only
 * ever shown as text: AnswerLink opens none but http and https, after asking; there are no images. What redaction
 * replaced is put back in what is drawn as text and code, and nowhere else.
 */
export default function AnswerMarkdown({ text }: { text: string }) {
  const placeholders = useContext(PlaceholdersContext);
  const marks = useMemo(
    (): ComponentProps<typeof Markdown>['rehypePlugins'] => [[markAnswer, { placeholders }]],
    [placeholders],
  );
  return (
    <Markdown
      remarkPlugins={[remarkGfm]}
      rehypePlugins={marks}
      components={components}
      urlTransform={(address) => address}
    >
      {showInvisible(text)}
    </Markdown>
  );
}
