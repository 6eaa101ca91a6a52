import type { Action, State } from '../types.ts';

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'loaded':
      return { ...state, series: action.series };
    case 'toggled': {
      const hidden = new Set(state.filter.hidden);
      if (!hidden.delete(action.id)) hidden.add(action.id);
      return { ...state, filter: { ...state.filter, hidden } };
    }
    case 'ranged':
      return action.from > action.to ? state : { ...state, filter: { ...state.filter, from: action.from, to: action.to } };
    case 'resized':
      return action.width === state.width ? state : { ...state, width: action.width };
  }
}
