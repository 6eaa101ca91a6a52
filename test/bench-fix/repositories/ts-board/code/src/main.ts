import { draw } from './chart/draw.ts';
import { createStore } from './store/store.ts';
import type { Series } from './types.ts';

const LOADED: Series[] = [
  { id: 'nord', title: 'Nord', points: [{ day: 1, cents: 12_900 }, { day: 2, cents: 8100 }] },
  { id: 'ost', title: 'Ost', points: [{ day: 1, cents: 4900 }, { day: 3, cents: 7800 }] },
];

export function start(onDrawn: (words: string) => void) {
  const store = createStore({ series: [], filter: { hidden: new Set(), from: 1, to: 31 }, width: 640 });
  store.subscribe((state) => {
    const { title, labels, paths } = draw(state);
    onDrawn(`${title}: ${paths.length} lines, ${labels.join(' ')}`);
  });
  return store;
}

const board = start((words) => console.log(words));
board.dispatch({ type: 'loaded', series: LOADED });
board.dispatch({ type: 'toggled', id: 'nord' });
setTimeout(() => board.dispatch({ type: 'toggled', id: 'ost' }), 5);
