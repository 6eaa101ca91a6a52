import { useCallback, useState } from 'react';

const nothing: ReadonlySet<string> = new Set();

/** Ids that are ticked. Another list (another `key`) begins with none, or an unseen issue would be resolved with the rest. */
export function useSelection(key: string) {
  const [state, setState] = useState({ key, ids: nothing });
  const select = useCallback(
    (id: string | string[], isSelected: boolean) =>
      setState((before) => {
        const ids = new Set(before.key === key ? before.ids : nothing);
        for (const each of [id].flat()) isSelected ? ids.add(each) : ids.delete(each);
        return { key, ids };
      }),
    [key],
  );
  const clear = useCallback(() => setState({ key, ids: nothing }), [key]);
  return { selected: state.key === key ? state.ids : nothing, select, clear };
}
