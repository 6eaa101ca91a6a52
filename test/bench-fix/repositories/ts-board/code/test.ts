import assert from 'node:assert';
import { draw } from './src/chart/draw.ts';
import { extentOf } from './src/store/selectors.ts';
import type { State } from './src/types.ts';

const series = [{ id: 'a', title: 'A', points: [{ day: 1, cents: 500 }, { day: 2, cents: 900 }] }];
const state: State = { series, filter: { hidden: new Set(), from: 1, to: 31 }, width: 640 };
assert.deepStrictEqual(extentOf(state), { min: 500, max: 900 });
const nothing = { ...state, filter: { ...state.filter, hidden: new Set(['a']) } };
const { min, max } = extentOf(nothing);
assert.ok(Number.isFinite(min) && Number.isFinite(max) && max > min);
assert.deepStrictEqual(draw(nothing).paths, []);
