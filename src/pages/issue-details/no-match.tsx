import { noFilter } from '../../api/event-filter.ts';
import { Button } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { useEventFilter } from './use-event-filter.ts';

/** In the place of the event: the filter leaves none. */
export function NoMatch() {
  const { change } = useEventFilter();
  return (
    <Notice icon="search" title="No event of this issue matches the filter.">
      <Button onClick={() => change(noFilter)}>Clear the filter</Button>
    </Notice>
  );
}
