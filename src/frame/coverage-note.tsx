import { Icon } from '../components/icon.tsx';
import { Legend } from '../components/legend.tsx';
import { Sentences } from '../components/sentences.tsx';
import { type CoverageLook, coverageWords } from './coverage.ts';
import styles from './coverage-note.module.css';
import type { CoverageNote } from './coverage-reason.ts';

const order: readonly CoverageLook[] = ['covered', 'uncovered', 'partial'];

/** What the marks beside the line numbers mean. */
export function CoverageLegend() {
  return (
    <div className={styles.legend}>
      <Legend
        label="Line coverage"
        entries={order.map((look) => ({
          mark: <span className={styles.mark} data-coverage={look} />,
          text: coverageWords[look],
        }))}
      />
    </div>
  );
}

/** Why there is no coverage here, or of what it is; and which files of a report come near. */
export function CoverageRemark({ note: { text, candidates } }: { note: CoverageNote }) {
  return (
    <div className={styles.reason}>
      <Icon name="info" />
      <div>
        <p>
          <Sentences text={text} />
        </p>
        {candidates.length > 0 && (
          <ul aria-label="Files of the coverage report">
            {candidates.map((path) => (
              <li key={path}>
                <code>{path}</code>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
