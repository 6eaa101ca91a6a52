import { type ReactNode, useDeferredValue, useMemo, useState } from 'react';
import { Button } from '../components/button.tsx';
import { ClippedBox } from '../components/clipped-box.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { CopyPath } from '../components/copy-path.tsx';
import { FindField } from '../components/find-field.tsx';
import { StructuredValue } from '../components/structured-value.tsx';
import { sizeOf } from '../components/structured-value-kinds.ts';
import { copyTextOf, type Found, findParts, partsOf } from '../components/structured-value-parts.ts';
import { ValueViewer } from '../components/value-viewer.tsx';
import details from './details.module.css';
import styles from './frame-variables.module.css';
import { namedVariables } from './named-variables.ts';

type Props = {
  variables: Record<string, unknown>;
  meta?: unknown;
  platform: string;
  /** The line that ran: what it names comes first. */
  line: string;
};

/** From so many variables on one searches rather than reads. */
const searchFrom = 9;
const mostFound = 200;

/** The local variables: first those that the failing line names, then the others as they came, and what scrubbing took out. */
export function FrameVariables({ variables, meta, platform, line }: Props) {
  const [search, setSearch] = useState('');
  const [viewed, setViewed] = useState<Found | null>(null);
  const wanted = useDeferredValue(search).trim();
  const all = useMemo(
    () => partsOf(variables, meta).map(({ key, ...part }) => ({ path: key, ...part })),
    [variables, meta],
  );
  const named = useMemo(() => {
    const names = namedVariables(line, Object.keys(variables), platform);
    return names.flatMap((name) => all.filter(({ path }) => path === name));
  }, [all, line, variables, platform]);
  const others = useMemo(() => all.filter((each) => !named.includes(each)), [all, named]);
  const found = wanted === '' ? null : findParts(variables, meta, wanted, mostFound);
  const shared = { platform, onView: setViewed };
  return (
    <div className={details.part}>
      <div className={styles.head}>
        <h4 className={details.title}>Variables</h4>
        {all.length >= searchFrom && (
          <>
            <FindField label="Search variables" value={search} onChange={setSearch} />
            <span role="status" className={styles.status}>
              {found && foundWords(found.length)}
            </span>
          </>
        )}
      </div>
      <ClippedBox height={240} what={`${all.length} variables`}>
        <table className={styles.table} aria-label="Variables">
          {found ? (
            <Rows rows={found} {...shared} />
          ) : (
            <>
              {named.length > 0 && (
                <Rows rows={named} label={others.length > 0 ? 'Named in the failing line' : undefined} {...shared} />
              )}
              {others.length > 0 && <Rows rows={others} {...shared} />}
            </>
          )}
        </table>
      </ClippedBox>
      {viewed && <ValueViewer {...viewed} name={viewed.path} onClose={() => setViewed(null)} />}
    </div>
  );
}

const foundWords = (count: number) => {
  if (count === 0) return 'Nothing matches.';
  return count >= mostFound ? `The first ${mostFound}` : `${count} found`;
};

type RowsProps = {
  rows: readonly Found[];
  label?: string | undefined;
  platform: string;
  onView: (found: Found) => void;
};

function Rows({ rows, label, platform, onView }: RowsProps): ReactNode {
  return (
    <tbody aria-label={label} title={label}>
      {rows.map((row) => (
        <tr key={row.path}>
          <th scope="row">
            <CopyPath path={row.path} name={row.path} />
          </th>
          <td>
            <StructuredValue value={row.value} meta={row.meta} platform={platform} name={row.path} path={row.path} />
          </td>
          <td className={styles.copy}>
            {(sizeOf(row.value) ?? 0) > 0 && (
              <Button look="quiet" icon="list" aria-label={`Viewer: ${row.path}`} onClick={() => onView(row)} />
            )}
            <CopyButton label={`Copy ${row.path}`} text={() => copyTextOf(row.value)} />
          </td>
        </tr>
      ))}
    </tbody>
  );
}
