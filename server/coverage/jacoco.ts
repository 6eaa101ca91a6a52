import { Coverage, type CoverageCode } from '../protocol/contract.ts';
import { createReportBuilder, malformed, type ParsedCoverage, parseCount } from './report.ts';
import { childrenOf, descendants, readXml } from './xml.ts';

const SKIPPED = new Set(['class', 'counter', 'sessioninfo']);

/**
 * JaCoCo XML. A line is partial when some of its instructions or branches were missed. JaCoCo counts instructions, not
 * runs, so a line that ran has one hit.
 *
 * @see https://www.jacoco.org/jacoco/trunk/coverage/report.dtd
 * @throws {BadRequestError} a source file without name, a line without its counts
 */
export function parseJacoco(text: string, name: string): ParsedCoverage {
  const root = readXml(text, name, SKIPPED);
  const report = createReportBuilder(name, 'jacoco', { countsHits: false });
  for (const element of descendants(root, 'package')) {
    for (const source of childrenOf(element, 'sourcefile')) {
      const { name: fileName } = source.attributes;
      if (!fileName) throw malformed(name, null, 'a <sourcefile> has no name="<file>"');
      const path = `${element.attributes['name'] ?? ''}/${fileName}`.replace(/^\//, '');
      const file = report.file(path);
      for (const { attributes } of childrenOf(source, 'line')) {
        const line = parseCount(attributes['nr']);
        const [missed, ran, branchesMissed] = ['mi', 'ci', 'mb'].map((key) => parseCount(attributes[key] ?? '0'));
        if (line === null || missed == null || ran == null || branchesMissed == null) {
          throw malformed(name, null, `a <line> of ${path} should have nr, mi, ci and mb as whole numbers`);
        }
        file.add(line, codeOf(missed, ran, branchesMissed), ran > 0 ? 1 : 0);
      }
    }
  }
  return report.finish();
}

function codeOf(missed: number, ran: number, branchesMissed: number): CoverageCode {
  if (ran === 0) return Coverage.notCovered;
  return missed > 0 || branchesMissed > 0 ? Coverage.partial : Coverage.covered;
}
