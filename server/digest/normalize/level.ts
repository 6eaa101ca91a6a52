import type { Level } from '../../protocol/event.ts';
import { adopt, invalid } from './place.ts';
import type { Reader } from './read.ts';

/** Names and numbers: Sentry's own, Python's logging, and the usual ones of other languages. */
const LEVELS = new Map<string, Level>([
  ['fatal', 'fatal'],
  ['critical', 'fatal'],
  ['emergency', 'fatal'],
  ['alert', 'fatal'],
  ['50', 'fatal'],
  ['error', 'error'],
  ['err', 'error'],
  ['40', 'error'],
  ['warning', 'warning'],
  ['warn', 'warning'],
  ['30', 'warning'],
  ['info', 'info'],
  ['information', 'info'],
  ['notice', 'info'],
  ['log', 'info'],
  ['20', 'info'],
  ['debug', 'debug'],
  ['trace', 'debug'],
  ['verbose', 'debug'],
  ['10', 'debug'],
]);

export const level: Reader<Level> = (value, place, key) => {
  adopt(place, key);
  const name = typeof value === 'object' ? '' : String(value).toLowerCase();
  return LEVELS.get(name) ?? invalid(place, [key], value, 'expected fatal, error, warning, info or debug');
};
