import type { Action, State } from '../types.ts';
import { reduce } from './reducer.ts';

export type Store = ReturnType<typeof createStore>;

export function createStore(initial: State) {
  let state = initial;
  const listeners = new Set<(state: State) => void>();
  return {
    state: () => state,
    subscribe(listener: (state: State) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispatch(action: Action) {
      const next = reduce(state, action);
      if (next === state) return;
      state = next;
      for (const listener of listeners) listener(state);
    },
  };
}
