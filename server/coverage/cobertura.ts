import { Coverage, type CoverageCode } from '../protocol/contract.ts';
import { createReportBuilder, malformed, normalizeReportPath, type ParsedCoverage, parseCount } from './report.ts';
import { childrenOf, descendants, readXml, type XmlElement } from './xml.ts';

const SKIPPED = new Set(['conditions']);

/**
 * Cobertura XML, as coverage.py, Istanbul, Coverlet, gcovr and others write it. A line that ran is partial when
 * `condition-coverage` is below its whole.
 *
 * @see https://github.com/cobertura/cobertura/blob/master/cobertura/src/site/htdocs/xml/coverage-04.dtd
 * @throws {BadRequestError} a class without its file, a line without number or hits
 */
export function parseCobertura(text: string, name: string): ParsedCoverage {
  const root = readXml(text, name, SKIPPED);
  const report = createReportBuilder(name, 'cobertura');
  const sourceRoot = rootOf(root);
  for (const element of descendants(root, 'class')) {
    const path = element.attributes['filename'];
    if (!path) throw malformed(name, null, 'a <class> has no filename="<path>"');
    const file = report.file(pathIn(sourceRoot, path));
    const add = (line: XmlElement) => {
      const { number, hits, code } = readLine(line, path, name);
      file.add(number, code, hits);
    };
    const [lines] = childrenOf(element, 'lines');
    const own = childrenOf(lines, 'line');
    own.forEach(add);
    // Most tools repeat a method's lines in its class. Istanbul does not: there they are where the functions begin.
    const known = new Set(own.map(({ attributes }) => attributes['number']));
    for (const methods of childrenOf(element, 'methods')) {
      for (const line of descendants(methods, 'line')) if (!known.has(line.attributes['number'])) add(line);
    }
  }
  return report.finish();
}

/** The one root that paths are below; with several, which one it is would be a guess. */
function rootOf(root: XmlElement): string {
  const roots = childrenOf(childrenOf(root, 'sources')[0], 'source').map(({ text }) => normalizeReportPath(text));
  const [only, second] = new Set(roots.filter((path) => path !== ''));
  return second === undefined ? (only ?? '') : '';
}

function pathIn(root: string, path: string): string {
  const isAbsolute = /^(?:[A-Za-z]:)?[\\/]/.test(path);
  return isAbsolute || root === '' ? path : `${root}/${path}`;
}

function readLine({ attributes }: XmlElement, path: string, name: string) {
  const number = parseCount(attributes['number']);
  const hits = parseCount(attributes['hits']);
  if (number === null || hits === null) {
    throw malformed(
      name,
      null,
      `a <line> of ${path} has number=${JSON.stringify(attributes['number'] ?? '')} and ` +
        `hits=${JSON.stringify(attributes['hits'] ?? '')}; both should be whole numbers`,
    );
  }
  return { number, hits, code: codeOf(hits, attributes['condition-coverage']) };
}

/** @param conditions `50% (1/2)`, or the percentage alone */
function codeOf(hits: number, conditions: string | undefined): CoverageCode {
  if (hits === 0) return Coverage.notCovered;
  const [, covered, total] = /\((\d{1,9})\/(\d{1,9})\)/.exec(conditions ?? '') ?? [];
  if (total !== undefined) return Number(covered) < Number(total) ? Coverage.partial : Coverage.covered;
  const percent = Number.parseFloat(conditions ?? '100');
  return percent < 100 ? Coverage.partial : Coverage.covered;
}
