import type { Event } from '../../../../server/protocol/contract.ts';
import { showControls } from '../../../components/annotated-text-controls.ts';
import type { KeyValue } from '../../../components/key-values.tsx';
import { SearchableRows } from '../../../components/searchable-rows.tsx';
import { StructuredValue } from '../../../components/structured-value.tsx';
import { rowsOf } from '../event-entries.ts';
import { type ErrorGroup, groupErrors } from './processing-errors.ts';
import styles from './processing-errors-list.module.css';

/** What could not be kept as the SDK sent it, why, and what to do about it. */
export function ProcessingErrorsList({ errors }: { errors: Event['errors'] }) {
  return (
    <ul className={styles['errors']}>
      {groupErrors(errors).map((group) => (
        <li key={`${group.type}-${group.title}`}>
          <p className={styles['title']}>{showControls(group.title)}</p>
          {group.remedy && <p>{group.remedy}</p>}
          <Places group={group} />
        </li>
      ))}
    </ul>
  );
}

/** Where it happened, a row each: the reason, and what was sent there. */
function Places({ group: { places } }: { group: ErrorGroup }) {
  const rows = places.flatMap(({ data }): KeyValue[] => {
    const { name, reason, value, ...rest } = data ?? {};
    const hasRest = Object.keys(rest).length > 0;
    if (typeof name !== 'string') return data && Object.keys(data).length > 0 ? rowsOf(data, undefined) : [];
    const more = hasRest ? { ...rest, value } : value;
    const isBare = more === undefined;
    return [
      {
        key: name,
        value: isBare ? (reason ?? null) : more,
        node: typeof reason === 'string' && !isBare ? <Place reason={reason} value={more} /> : undefined,
      },
    ];
  });
  return rows.length > 0 && <SearchableRows label="Places" rows={rows} />;
}

function Place({ reason, value }: { reason: string; value: unknown }) {
  return (
    <span className={styles['place']}>
      <span>{showControls(reason)}</span>
      <span className={styles['sent']}>
        sent: <StructuredValue value={value} name="What was sent" />
      </span>
    </span>
  );
}
