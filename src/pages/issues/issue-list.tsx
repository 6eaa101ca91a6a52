import { type ReactNode, useState } from 'react';
import type { Issue } from '../../../server/protocol/contract.ts';
import { useWhyNot } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { AssigneeMenu } from '../issue-details/assignee-menu.tsx';
import { PriorityMenu } from '../issue-details/priority-menu.tsx';
import styles from './issue-list.module.css';
import { IssueRow } from './issue-row.tsx';
import { assignTo, type IssueChange } from './use-issue-actions.ts';
import { useListKeys } from './use-list-keys.ts';
import { useSelection } from './use-selection.ts';
import { useSettledRows } from './use-settled-rows.ts';

type Props = {
  issues: Issue[];
  /** Changes with the search. */
  listKey: string;
  /** Are these the rows of the search before? */
  isBusy: boolean;
  onUpdate: (issues: Issue[], change: IssueChange) => void;
  onFocusSearch: () => void;
  footer: ReactNode;
};

/** The rows, with one chosen by the keyboard and any number selected. */
export function IssueList({ issues, listKey, isBusy, onUpdate, onFocusSearch, footer }: Props) {
  const [isPointed, setPointed] = useState(false);
  const { selected, select, clear } = useSelection(listKey);
  const whyNot = useWhyNot('event:write');
  const [current, setCurrent] = useState<string | null>(null);
  const { rows, waiting, apply } = useSettledRows(issues, listKey, isPointed || selected.size > 0 || current !== null);
  const showsProject = new Set(rows.map((issue) => issue.project.id)).size > 1;
  const chosen = rows.filter(({ id }) => selected.has(id));
  const update = (change: IssueChange) => {
    const target = chosen.length > 0 ? chosen : rows.filter(({ id }) => id === current);
    if (target.length === 0) return;
    // Refused, it is still to be done, by somebody.
    if (!whyNot) clear();
    onUpdate(target, change);
  };
  useListKeys({ rows, current, setCurrent, selected, select, clear, update, onFocusSearch });
  return (
    <div className={styles['list']} onPointerEnter={() => setPointed(true)} onPointerLeave={() => setPointed(false)}>
      <div className={styles['head']}>
        <label className={styles['check']}>
          <input
            type="checkbox"
            aria-label="Select all on this page"
            checked={chosen.length === rows.length}
            ref={(box) => {
              if (box) box.indeterminate = chosen.length > 0 && chosen.length < rows.length;
            }}
            onChange={(event) =>
              event.target.checked
                ? select(
                    rows.map(({ id }) => id),
                    true,
                  )
                : clear()
            }
          />
        </label>
        {chosen.length > 0 ? <BulkActions issues={chosen} whyNot={whyNot} onUpdate={update} /> : <Columns />}
      </div>
      <div className={styles['news']} role="status">
        {waiting > 0 && (
          <Button look="quiet" onClick={apply}>
            {waiting === 1 ? '1 new issue' : `${waiting} new issues`}
          </Button>
        )}
      </div>
      <ul className={styles['rows']} aria-label="Issues" aria-busy={isBusy}>
        {rows.map((issue) => (
          <IssueRow
            key={issue.id}
            issue={issue}
            showProject={showsProject}
            isCurrent={issue.id === current}
            isSelected={selected.has(issue.id)}
            onSelect={select}
          />
        ))}
      </ul>
      {footer}
    </div>
  );
}

function Columns() {
  return (
    <>
      <span>Issue</span>
      <span className={styles['spark']}>24 hours</span>
      <span className={styles['number']}>Events</span>
      <span className={styles['number']}>Users</span>
      <span className={styles['number']}>Last seen</span>
      <span className={styles['first']}>First</span>
    </>
  );
}

type BulkProps = { issues: Issue[]; whyNot: string | null; onUpdate: (change: IssueChange) => void };

function BulkActions({ issues, whyNot, onUpdate }: BulkProps) {
  const every = (status: Issue['status']) => issues.every((issue) => issue.status === status);
  const [first] = issues;
  const hasOneAssignee = issues.every(({ assignedTo }) => assignedTo?.id === first?.assignedTo?.id);
  const isBookmarked = issues.every((issue) => issue.isBookmarked);
  return (
    <div className={styles['bulk']}>
      <span>{issues.length} selected</span>
      <Button
        icon="check"
        whyNot={whyNot}
        onClick={() => onUpdate({ status: every('resolved') ? 'unresolved' : 'resolved' })}
      >
        {every('resolved') ? 'Unresolve' : 'Resolve'}
      </Button>
      <Button
        icon="archive"
        whyNot={whyNot}
        onClick={() => onUpdate({ status: every('ignored') ? 'unresolved' : 'ignored' })}
      >
        {every('ignored') ? 'Unarchive' : 'Archive'}
      </Button>
      <PriorityMenu
        priority={issues.every(({ priority }) => priority === first?.priority) ? (first?.priority ?? null) : null}
        whyNot={whyNot}
        onPick={(priority) => onUpdate({ priority })}
      />
      <AssigneeMenu
        assignee={hasOneAssignee ? (first?.assignedTo ?? null) : undefined}
        whyNot={whyNot}
        onPick={(assignee) => onUpdate(assignTo(assignee))}
      />
      <Button
        icon="bookmark"
        iconFilled={isBookmarked}
        whyNot={whyNot}
        onClick={() => onUpdate({ isBookmarked: !isBookmarked })}
      >
        {isBookmarked ? 'Remove bookmark' : 'Bookmark'}
      </Button>
    </div>
  );
}
