import type { SuggestPayload } from '../protocol/contract.ts';
import type { Evidence } from './evidence.ts';
import { framesIn, mapFrames, payloadOf } from './evidence-payload.ts';

/** A piece of the payload: what it is, who says it, whether an outsider may have written it, and what it costs. */
export type EvidenceItem = NonNullable<SuggestPayload['evidence']>[number];

/**
 * What a payload is made of. The tokens are those of each piece as JSON by itself, so their sum is a little off that of
 * the whole.
 */
export function itemsOf(evidence: Evidence, count: (text: string) => number): EvidenceItem[] {
  const { event } = evidence;
  const { untrusted, trusted } = payloadOf(evidence);
  const frames = framesIn(untrusted);
  const vars = frames.flatMap((frame) => (frame.vars ? [frame.vars] : []));
  const { exceptions, threads: _, breadcrumbs = [], request, ...surroundings } = untrusted;
  const tokens = (piece: unknown) => Math.ceil(count(JSON.stringify(piece, null, 1)));
  const fromEvent = (type: string, pieces: readonly unknown[], number: number): EvidenceItem[] =>
    pieces.length === 0 ? [] : [{ type, origin: 'event', trust: 'untrusted', tokens: tokens(pieces), count: number }];
  const named = vars.reduce<number>((sum, one) => sum + Object.keys(one).length, 0);
  const plainFrames = framesIn(mapFrames(untrusted, ({ vars: _vars, ...frame }) => frame));

  const items = [
    ...fromEvent(
      'exception',
      exceptions.map(({ stacktrace: _trace, ...exception }) => exception),
      event.exceptions.length,
    ),
    ...fromEvent('frames', plainFrames, frames.length),
    ...fromEvent('variables', vars, named),
    ...fromEvent('breadcrumbs', breadcrumbs, breadcrumbs.length),
    ...fromEvent('request', request ? [request] : [], 1),
    ...fromEvent(
      'context',
      Object.keys(surroundings).length > 0 ? [surroundings] : [],
      Object.keys(surroundings).length,
    ),
  ];
  for (const checkout of trusted?.checkouts ?? []) {
    const pieces = checkout.files.reduce((sum, file) => sum + file.pieces.length, 0);
    items.push({
      type: 'source',
      origin: 'checkout',
      trust: 'trusted',
      tokens: tokens(checkout),
      count: pieces,
      commit: checkout.commit,
    });
  }
  const inSource = (trusted?.checkouts ?? [])
    .flatMap(({ files }) => files.flatMap(({ pieces }) => pieces))
    .flatMap(({ coverage }) => (coverage ? [coverage] : []));
  const reports = [...inSource, ...evidence.coverage];
  if (reports.length > 0)
    items.push({
      type: 'coverage',
      origin: 'coverage_report',
      trust: 'trusted',
      tokens: tokens(reports),
      count: reports.length,
    });
  if (trusted?.issue)
    items.push({ type: 'issue', origin: 'stackmend', trust: 'trusted', tokens: tokens(trusted.issue), count: 1 });
  return items;
}
