import { useEffect } from 'react';
import { useNavigate } from 'react-router';
import type { Issue, IssueUpdate } from '../../../server/protocol/contract.ts';
import { useShortcuts } from '../../components/shortcuts.ts';

type Keys = {
  rows: Issue[];
  current: string | null;
  setCurrent: (id: string | null) => void;
  selected: ReadonlySet<string>;
  select: (id: string, isSelected: boolean) => void;
  clear: () => void;
  update: (update: IssueUpdate) => void;
  onFocusSearch: () => void;
};

export function useListKeys(keys: Keys): void {
  const { rows, current, setCurrent, selected, select, clear, update } = keys;
  const navigate = useNavigate();
  const at = rows.findIndex(({ id }) => id === current);
  const issue = rows[at];
  const targets = selected.size > 0 ? rows.filter(({ id }) => selected.has(id)) : issue ? [issue] : [];
  const toggle = (status: Issue['status']): IssueUpdate => ({
    status: targets.length > 0 && targets.every((each) => each.status === status) ? 'unresolved' : status,
  });
  const move = (step: number) => setCurrent(rows[Math.max(0, Math.min(rows.length - 1, at + step))]?.id ?? null);
  const next = () => move(1);
  const previous = () => (at < 0 ? move(1) : move(-1));
  useShortcuts({
    j: next,
    ArrowDown: next,
    k: previous,
    ArrowUp: previous,
    Enter: () => issue && void navigate(`/issues/${issue.id}/`),
    x: () => issue && select(issue.id, !selected.has(issue.id)),
    r: () => update(toggle('resolved')),
    i: () => update(toggle('ignored')),
    b: () => update({ isBookmarked: !targets.every((each) => each.isBookmarked) }),
    Escape: () => {
      clear();
      setCurrent(null);
    },
    '/': keys.onFocusSearch,
  });
  useEffect(() => {
    if (current) document.querySelector(`[data-issue="${CSS.escape(current)}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [current]);
}
