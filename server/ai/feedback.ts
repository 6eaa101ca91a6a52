import type { StoredEvent } from '../protocol/event.ts';
import { REDACTED_KINDS } from './placeholders.ts';
import { knownValues } from './prepare.ts';
import { createRedactor } from './redact.ts';
import type { OperatorRules } from './redact-rules.ts';

type Pieces = (string | { placeholder: string })[];

/**
 * A comment as it may be kept. The page shows values where the answer has placeholders, so people write values: those get
 * their placeholders again. What else looks like a secret is replaced without a number, which would mean another value.
 *
 * @param event that the answer was made from
 * @param placeholders of that event; `isSure`: the answer has them by the same numbers
 */
export function redactComment(
  comment: string,
  event: StoredEvent,
  { placeholders, isSure }: { placeholders: ReadonlyMap<string, string>; isSure: boolean },
  rules: OperatorRules,
): string {
  const redactor = createRedactor(knownValues(event), { rules });
  const withoutNumber = (text: string) => text.replace(NUMBERED, '[$1]');
  const known = [...placeholders].filter(([, value]) => value.length >= MIN_LENGTH);
  let pieces: Pieces = [comment];
  // The longest first: one value may hold another.
  for (const [placeholder, value] of known.toSorted(([, one], [, other]) => other.length - one.length)) {
    const shown = { placeholder: isSure ? placeholder : withoutNumber(placeholder) };
    if (isSure) pieces = splitAt(pieces, placeholder, shown);
    pieces = splitAt(pieces, value, shown);
  }
  return pieces
    .map((piece) => (typeof piece === 'string' ? withoutNumber(redactor.text(piece, 'data')) : piece.placeholder))
    .join('');
}

const splitAt = (pieces: Pieces, text: string, shown: { placeholder: string }): Pieces =>
  pieces.flatMap((piece) => {
    if (typeof piece !== 'string') return [piece];
    return piece.split(text).flatMap((part, index) => (index === 0 ? [part] : [shown, part]));
  });

/** Shorter ones stand in every other word. */
const MIN_LENGTH = 4;
const NUMBERED = new RegExp(`\\[(${REDACTED_KINDS.join('|')}) \\d{1,7}\\]`, 'g');
