import { type FormEvent, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { TextField } from '../../components/field.tsx';
import { formatDateTime, parseTime } from '../../components/time.ts';
import { type TimeZone, useTimeZone } from '../../components/time-zone.ts';
import { type TimeRange, toRange } from './time-range.ts';

type Props = { range: TimeRange; onChoose: (range: TimeRange) => void; onClose: () => void };

/** From when to when, in the reader's choice of zone. Beginning with the last day when no range is set. */
export function TimeRangeDialog({ range, onChoose, onClose }: Props) {
  const zone = useTimeZone();
  const [from, setFrom] = useState(() => toField(zone, parseTime(range.start) ?? Date.now() - 86_400_000));
  const [to, setTo] = useState(() => toField(zone, parseTime(range.end) ?? Date.now()));
  const [fault, setFault] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // Without a zone both are local.
    const [start, end] = [from, to].map((text) => Date.parse(zone === 'utc' ? `${text}Z` : text));
    if (start === undefined || end === undefined || !(start < end)) setFault('The range must end after it begins.');
    else onChoose(toRange(start, end));
  };
  return (
    <Dialog title="Events from when to when" onClose={onClose}>
      <form onSubmit={submit} style={{ display: 'contents' }}>
        <TextField
          label="From"
          type="datetime-local"
          required
          value={from}
          onChange={(event) => setFrom(event.target.value)}
        />
        <TextField
          label="To"
          type="datetime-local"
          required
          fault={fault}
          hint={zone === 'utc' ? 'In UTC.' : 'Your local time.'}
          value={to}
          onChange={(event) => setTo(event.target.value)}
        />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary">
            Show these events
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** As the browser's field takes it: to the minute, without a zone. */
const toField = (zone: TimeZone, time: number): string => formatDateTime(time, zone).replace(' ', 'T').slice(0, 16);
