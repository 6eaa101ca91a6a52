import type { Envelope, EnvelopeItem } from '@sentry/core';

/**
 * An envelope of its own with a list of items of its own: what one side does to its copy, the other does not see. The
 * items themselves are shared, and nobody writes into them.
 *
 * @param items those that the copy has; by default all
 */
export function copyEnvelope(envelope: Envelope, items: readonly EnvelopeItem[] = envelope[1]): Envelope {
  // The SDK has a type for each combination of items; with fewer of its own items an envelope stays what it was.
  return [{ ...envelope[0] }, [...items]] as Envelope;
}
