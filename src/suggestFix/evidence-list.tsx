import type { SuggestPayload } from '../../server/protocol/contract.ts';
import { formatExact } from '../components/numbers.ts';
import styles from './evidence-list.module.css';

type Evidence = NonNullable<SuggestPayload['evidence']>[number];

/** One, and several. */
const names: Record<string, [one: string, many: string]> = {
  exception: ['exception', 'exceptions'],
  frames: ['frame', 'frames'],
  variables: ['variable', 'variables'],
  breadcrumbs: ['breadcrumb', 'breadcrumbs'],
  request: ['request', 'requests'],
  coverage: ['line coverage', 'lines of coverage'],
  source: ['function of source', 'functions of source'],
  issue: ['what is known of the issue', 'facts of the issue'],
  context: ['context', 'pieces of context'],
};

/** `4 frames`. */
function nameOf({ type, count }: Evidence): string {
  const [one, many] = names[type] ?? [type, type];
  return `${formatExact(count)} ${count === 1 ? one : many}`;
}

function originOf({ origin, commit }: Evidence): string {
  if (origin === 'checkout') return commit ? `checkout at ${commit.slice(0, 7)}` : 'checkout';
  return { event: 'as the SDK sent it', coverage_report: 'coverage report', stackmend: 'Stackmend' }[origin];
}

/** What the payload is made of: where each piece is from, whether a stranger may have written it, and its size. */
export function EvidenceList({ evidence }: { evidence: readonly Evidence[] }) {
  return (
    <ul className={styles['evidence']}>
      {evidence.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place
        <li key={index}>
          <span className={styles['name']}>
            {nameOf(item)}, {originOf(item)}
          </span>
          <span className={styles['tokens']}>{formatExact(item.tokens)} tokens</span>
          <span className={styles['trust']} data-trust={item.trust}>
            {item.trust}
          </span>
        </li>
      ))}
    </ul>
  );
}
