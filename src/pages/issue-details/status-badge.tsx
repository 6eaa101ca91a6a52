import type { Issue } from '../../../server/protocol/contract.ts';
import { Badge, type Tone } from '../../components/badge.tsx';

type Look = { words: string; tone: Tone; title: string };

const bySubstatus: Record<string, Look> = {
  new: { words: 'New', tone: 'info', title: 'First seen not long ago' },
  ongoing: { words: 'Ongoing', tone: 'neutral', title: 'Unresolved' },
  regressed: { words: 'Regressed', tone: 'warning', title: 'It was resolved, and happened again' },
  escalating: { words: 'Escalating', tone: 'warning', title: 'More events than before' },
};
const byStatus: Record<Issue['status'], Look> = {
  unresolved: { words: 'Unresolved', tone: 'neutral', title: 'Unresolved' },
  resolved: { words: 'Resolved', tone: 'success', title: 'Resolved; a new event makes it unresolved again' },
  ignored: { words: 'Archived', tone: 'neutral', title: 'Archived: new events do not bring it back' },
};

function lookOf({ status, substatus }: Pick<Issue, 'status' | 'substatus'>): Look {
  const known = substatus && Object.hasOwn(bySubstatus, substatus) ? bySubstatus[substatus] : undefined;
  return (status === 'unresolved' && known) || byStatus[status];
}

/** What state an issue is in. `quiet` says only what stands out in a list. */
export function StatusBadge({ issue, quiet = false }: { issue: Pick<Issue, 'status' | 'substatus'>; quiet?: boolean }) {
  const { words, tone, title } = lookOf(issue);
  if (quiet && ['New', 'Ongoing', 'Unresolved'].includes(words)) return null;
  return (
    <Badge tone={tone} title={title}>
      {words}
    </Badge>
  );
}
