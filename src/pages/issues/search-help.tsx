import styles from './search-help.module.css';

const examples: [term: string, what: string][] = [
  ['is:unresolved', 'status: unresolved, resolved, archived'],
  ['is:bookmarked', 'issues with your bookmark'],
  ['level:error', 'fatal, error, warning, info, debug'],
  ['release:1.4.0', 'events of a release'],
  ['environment:production', 'events of an environment'],
  ['browser.name:Firefox', 'any tag by its key'],
  ['!server:web-3', 'not this value'],
  ['transaction:/api/*', 'a star stands for anything'],
  ['"connection reset"', 'words in the title, message or culprit'],
];

/** What can be typed into the search field, each example a button that adds it. */
export function SearchHelp({ onPick }: { onPick: (term: string) => void }) {
  return (
    <div className={styles['help']}>
      <p>Terms narrow each other. Press one to add it.</p>
      <dl>
        {examples.map(([term, what]) => (
          <div key={term}>
            <dt>
              <button type="button" onClick={() => onPick(term)}>
                <code>{term}</code>
              </button>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
