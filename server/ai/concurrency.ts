/** One place at an endpoint, or in the queue for it. */
export type Ticket = {
  /** How many stand before it; 0 when it has a place or is next. */
  ahead: number;
  hasPlace: boolean;
  /** Resolves once it has a place; never, when it leaves before. */
  ready: Promise<void>;
  /** Frees the place, in the queue too; a second time does nothing. */
  leave: () => void;
};

export type Gate = {
  /** @returns null when the queue is full */
  join: () => Ticket | null;
};

/**
 * So many at one time, the others one after the other as they came.
 *
 * @param places at one time
 * @param maxWaiting in the queue; each is a request that somebody keeps open
 */
export function createGate(places: number, maxWaiting: number): Gate {
  let taken = 0;
  const queue: PromiseWithResolvers<void>[] = [];

  function free(): void {
    const next = queue.shift();
    if (next) next.resolve();
    else taken--;
  }

  return {
    join() {
      if (taken < places) {
        taken++;
        let hasLeft = false;
        const leave = () => {
          if (!hasLeft) free();
          hasLeft = true;
        };
        return { ahead: 0, hasPlace: true, ready: Promise.resolve(), leave };
      }
      if (queue.length >= maxWaiting) return null;
      const turn = Promise.withResolvers<void>();
      const ahead = queue.length;
      queue.push(turn);
      let hasLeft = false;
      const leave = () => {
        if (hasLeft) return;
        hasLeft = true;
        const index = queue.indexOf(turn);
        // No longer in the queue: its turn has come, and the place is its own.
        if (index === -1) free();
        else queue.splice(index, 1);
      };
      return { ahead, hasPlace: false, ready: turn.promise, leave };
    },
  };
}
