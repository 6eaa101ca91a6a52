import { BadRequestError, TooLargeError } from '../protocol/errors.ts';
import { countJsonValues } from '../protocol/json-size.ts';
import { parseCobertura } from './cobertura.ts';
import { parseCoveragePy } from './coverage-py.ts';
import { parseGoCover } from './go-cover.ts';
import { parseIstanbul } from './istanbul.ts';
import { parseJacoco } from './jacoco.ts';
import { parseLcov } from './lcov.ts';
import { malformed, type ParsedCoverage } from './report.ts';

const ACCEPTED = 'LCOV, Cobertura, JaCoCo, Istanbul coverage-final.json, coverage.py JSON, Go cover profile';

/**
 * Reads a coverage report of any accepted format, told by its content: file names say little in a CI.
 *
 * @param name file name, for the messages
 * @throws {BadRequestError} of no accepted format, or malformed: names the line where it can, and what is expected
 * @throws {TooLargeError} more files or lines than `LIMITS`
 */
export function parseCoverage(text: string, name: string): ParsedCoverage {
  const start = text.replace(/^\uFEFF/, '').trimStart();
  if (start === '') throw malformed(name, null, `the report is empty; expected ${ACCEPTED}`);
  const report = readByContent(start, text, name);
  if (report.files.length === 0) throw malformed(name, null, 'the report names no file, so there is nothing to show');
  return report;
}

function readByContent(start: string, text: string, name: string): ParsedCoverage {
  if (start.startsWith('<')) return parseXml(start, name);
  if (start.startsWith('{') || start.startsWith('[')) return parseJson(start, name);
  if (/^mode: ?(?:set|count|atomic)\b/.test(start)) return parseGoCover(text, name);
  if (/^(?:#|TN:|SF:|VER:)/.test(start)) return parseLcov(text.replace(/^\uFEFF/, ''), name);
  throw malformed(name, null, `this is no coverage report that is known; expected ${ACCEPTED}`);
}

function parseXml(text: string, name: string): ParsedCoverage {
  const [, root] = /<([A-Za-z][\w.-]*)[\s/>]/.exec(text.slice(0, 10_000)) ?? [];
  if (root === 'coverage' && !/<coverage\s[^>]{0,500}\bclover=/.test(text.slice(0, 10_000))) {
    return parseCobertura(text, name);
  }
  if (root === 'report') return parseJacoco(text, name);
  throw malformed(name, null, `the XML is of an unknown kind (<${root ?? '?'}>); expected Cobertura or JaCoCo`);
}

function parseJson(text: string, name: string): ParsedCoverage {
  const value = readJson(text, name);
  if (!isObject(value)) throw malformed(name, null, `the JSON is a list; expected ${ACCEPTED}`);
  const { files, meta } = value;
  if (isObject(files) && isObject(meta)) return parseCoveragePy(files, name);
  if (isObject(value['total']) && 'pct' in (firstObject(value['total']) ?? {})) {
    throw malformed(name, null, 'this is a summary without lines; upload coverage-final.json instead');
  }
  const first = firstObject(value);
  if (first && ('statementMap' in first || isObject(first['data']))) return parseIstanbul(value, name);
  throw malformed(
    name,
    null,
    'the JSON is of an unknown kind; expected Istanbul coverage-final.json or coverage.py JSON',
  );
}

/** Some 50 bytes of memory each, of the thread's 1 GiB; an Istanbul report of 64 MiB has as many. */
const MAX_JSON_VALUES = 8_000_000;

function readJson(text: string, name: string): unknown {
  if (countJsonValues(text, MAX_JSON_VALUES) > MAX_JSON_VALUES) {
    throw new TooLargeError(`${name} has more than ${MAX_JSON_VALUES.toLocaleString('en')} values: split the report.`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    // V8 says where, in words that are safe to show: "... in JSON at position 12 (line 2 column 3)".
    const [, line] = (error instanceof Error && /\(line (\d+) column \d+\)/.exec(error.message)) || [];
    throw malformed(name, line === undefined ? null : Number(line), 'the JSON is broken or cut off here', error);
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const firstObject = (value: Record<string, unknown>) => Object.values(value).find(isObject);

/**
 * The text of a report's bytes: UTF-8, or UTF-16 with its mark, as some Windows tools write it.
 *
 * @throws {BadRequestError} neither
 */
export function decodeReport(bytes: Uint8Array, name: string): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    throw new BadRequestError(`${name} is not text in ${encoding.toUpperCase()}; expected ${ACCEPTED}.`, {
      cause: error,
    });
  }
}
