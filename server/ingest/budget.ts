import { UnavailableError } from '../protocol/errors.ts';

/** What one request holds of the bytes in flight. */
export type Lease = {
  /** @throws {UnavailableError} all requests together would hold too much */
  take(bytes: number): void;
  give(bytes: number): void;
  /** Gives back all that is held; harmless when called twice. */
  release(): void;
};
export type Budget = { lease(): Lease; inFlight(): number };

export function createBudget(maxBytes: number): Budget {
  let inFlight = 0;
  return {
    inFlight: () => inFlight,
    lease() {
      let held = 0;
      const give = (bytes: number): void => {
        held -= bytes;
        inFlight -= bytes;
      };
      return {
        take(bytes) {
          if (inFlight + bytes > maxBytes) {
            throw new UnavailableError('The server holds as many unfinished requests as it may; send it again.', 5);
          }
          held += bytes;
          inFlight += bytes;
        },
        give,
        release: () => give(held),
      };
    },
  };
}
