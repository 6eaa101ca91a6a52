import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import type { IssueTag } from '../../../server/protocol/contract.ts';
import { tagValuesQuery } from '../../api/tag-values.ts';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { TextField } from '../../components/field.tsx';
import { formatExact } from '../../components/numbers.ts';
import { Skeleton } from '../../components/skeleton.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { toCsv } from './tag-csv.ts';
import { formatShare, shareOf } from './tag-share.ts';
import { TagValueLink } from './tag-value-link.tsx';
import styles from './tag-values.module.css';

type Props = { issueId: string; tag: IssueTag; onClose: () => void };

/** All values of one tag among the issue's events. A value leads to its events. */
export function TagValues({ issueId, tag, onClose }: Props) {
  const [typed, setTyped] = useState('');
  const part = useDeferredValue(typed.trim());
  const values = useInfiniteQuery({ ...tagValuesQuery(issueId, tag.key, part), placeholderData: keepPreviousData });
  const rows = values.data?.pages.flatMap((page) => page.items) ?? [];
  const share = (count: number) => formatShare(shareOf(count, tag.totalValues));
  return (
    <Dialog title={`Values of ${tag.name || tag.key}`} wide onClose={onClose}>
      <TextField
        label="Find a value"
        hint={`${formatExact(tag.uniqueValues ?? tag.topValues.length)} values in ${formatExact(tag.totalValues)} events`}
        placeholder="Contains …"
        spellCheck={false}
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {values.isPending && <Skeleton label="Loading the values" rows={5} />}
      {values.isError && rows.length === 0 && (
        <p role="alert">
          The values could not be loaded: {values.error.message}{' '}
          <Button onClick={() => values.refetch()}>Load the values</Button>
        </p>
      )}
      {values.isSuccess && rows.length === 0 && <p>No value has “{part}” in it.</p>}
      {rows.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        <section className={styles['scroll']} tabIndex={0} aria-label={`Values of ${tag.name || tag.key}`}>
          <table className={styles['values']} aria-busy={values.isPlaceholderData}>
            <thead>
              <tr>
                <th scope="col">Value</th>
                <th scope="col">Events</th>
                <th scope="col">Share</th>
                <th scope="col">First seen</th>
                <th scope="col">Last seen</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ value, count, firstSeen, lastSeen, ...rest }) => (
                <tr key={value}>
                  <td>
                    <TagValueLink tag={tag.key} value={value} given={rest['query']} onClick={onClose} />
                  </td>
                  <td>{formatExact(count)}</td>
                  <td>{share(count)}</td>
                  <td>{firstSeen && <TimeAgo date={firstSeen} />}</td>
                  <td>{lastSeen && <TimeAgo date={lastSeen} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {values.isFetchNextPageError && <p role="alert">More could not be loaded: {values.error?.message}</p>}
      <DialogActions>
        {values.hasNextPage && (
          <Button disabled={values.isFetchingNextPage} onClick={() => values.fetchNextPage()}>
            {values.isFetchingNextPage ? 'Loading…' : 'Show more values'}
          </Button>
        )}
        {rows.length > 0 && (
          <CopyButton label="Copy as CSV" text={() => toCsv(tag, rows)}>
            Copy as CSV
          </CopyButton>
        )}
      </DialogActions>
    </Dialog>
  );
}
