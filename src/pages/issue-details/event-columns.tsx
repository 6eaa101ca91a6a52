import { useQuery } from '@tanstack/react-query';
import { issueTagsQuery } from '../../api/issues.ts';
import { Popover } from '../../components/popover.tsx';
import { ownColumns } from './event-row-cells.ts';
import styles from './events-table.module.css';

type Props = { issueId: string; chosen: string[]; onToggle: (tag: string) => void };

/** Which of the issue's tags are columns beside those that are always there. */
export function EventColumns({ issueId, chosen, onToggle }: Props) {
  const tags = useQuery(issueTagsQuery(issueId));
  const known = (tags.data ?? []).map(({ key }) => key).filter((key) => !ownColumns.includes(key));
  // A tag that was chosen at another issue can be taken away here.
  const all = [...new Set([...known, ...chosen])];
  if (all.length === 0) return null;
  return (
    <Popover label="Columns" look="quiet">
      {() => (
        <fieldset className={styles['columns']}>
          <legend>Tags as columns</legend>
          {all.map((key) => (
            <label key={key}>
              <input type="checkbox" checked={chosen.includes(key)} onChange={() => onToggle(key)} />
              <code>{key}</code>
            </label>
          ))}
        </fieldset>
      )}
    </Popover>
  );
}
