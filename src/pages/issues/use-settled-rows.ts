import { useState } from 'react';
import type { Issue } from '../../../server/protocol/contract.ts';

type Settled = {
  rows: Issue[] /** Issues that came, or would move, since the order was held. */;
  waiting: number;
  apply: () => void;
};

/**
 * Keeps rows where they are while somebody works on them: what a row says is always fresh, but the order is the one in
 * which `hold` found it. Issues that came meanwhile are counted; those that went (resolved, say) are gone at once.
 *
 * @param key changes with the search: a new list is never held to the order of the last
 */
export function useSettledRows(issues: Issue[], key: string, hold: boolean): Settled {
  const latest = issues.map(({ id }) => id);
  const [shown, setShown] = useState({ key, ids: latest });
  const apply = () => setShown({ key, ids: latest });
  const isSame =
    shown.key === key && shown.ids.length === latest.length && shown.ids.every((id, at) => id === latest[at]);
  if (!isSame && (!hold || shown.key !== key)) {
    apply();
    return { rows: issues, waiting: 0, apply };
  }
  const byId = new Map(issues.map((issue) => [issue.id, issue]));
  const rows = shown.ids.flatMap((id) => byId.get(id) ?? []);
  const known = new Set(shown.ids);
  return { rows, waiting: latest.filter((id) => !known.has(id)).length, apply };
}
