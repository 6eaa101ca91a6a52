import type { ComponentProps, ReactNode } from 'react';
import Markdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import styles from './note-markdown.module.css';

/** One level, just below the section's own. */
const Head = ({ children }: ComponentProps<'h3'>) => <h3>{children}</h3>;

const components: Components = {
  h1: Head,
  h2: Head,
  h3: Head,
  h4: Head,
  h5: Head,
  h6: Head,
  a: ({ href, children }) => <NoteLink target={href ?? ''}>{children}</NoteLink>,
  // Fetching an image would tell its host who looks at the issue.
  img: ({ src, alt }) => (
    <span className={styles['target']}>
      [image not loaded: {alt || 'without a description'}, {typeof src === 'string' && src ? src : 'no address'}]
    </span>
  ),
  pre: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <pre tabIndex={0}>{children}</pre>
  ),
  table: ({ children }) => (
    // A group, not a landmark: several comments may have a table each.
    // biome-ignore lint/a11y/useSemanticElements: nothing in it is a field
    // biome-ignore lint/a11y/noNoninteractiveTabindex: as above
    <div className={styles['table']} role="group" tabIndex={0} aria-label="Table">
      <table>{children}</table>
    </div>
  ),
  // Without the ids that footnotes and their like would set on the page.
  li: ({ children }) => <li>{children}</li>,
  sup: ({ children }) => <sup>{children}</sup>,
  section: ({ children }) => <div>{children}</div>,
};

/** A comment. Raw HTML shows as the text that it is; addresses come through unchanged because NoteLink looks at them. */
export default function NoteMarkdown({ text }: { text: string }) {
  return (
    <div className={styles['note']}>
      <Markdown remarkPlugins={[remarkGfm]} components={components} urlTransform={(address) => address}>
        {text}
      </Markdown>
    </div>
  );
}

/** A link that shows where it goes. One that is not of the web is only text. */
function NoteLink({ target, children }: { target: string; children: ReactNode }) {
  if (target.startsWith('#')) return children;
  // `URL` writes a host of look-alike letters as `xn--…`, so what is shown is where it goes.
  const url = /^https?:/i.test(target) && URL.canParse(target) ? new URL(target) : null;
  const shown = url?.href ?? target;
  const words = children === target || children === shown ? null : children;
  return (
    <>
      {words && <span className={styles['words']}>{words} </span>}
      {url ? (
        <a className={styles['target']} href={url.href} target="_blank" rel="noopener noreferrer nofollow">
          {shown}
        </a>
      ) : (
        <span className={styles['target']}>{shown || 'no address'}</span>
      )}
    </>
  );
}
