/**
 * One stream for all who ask for the same at the same time: each reads it from its beginning. It runs on while anybody
 * reads, and is aborted when the last one leaves.
 */
export type SharedRuns<Item> = {
  join: (key: string, start: (signal: AbortSignal) => AsyncIterable<Item>, signal: AbortSignal) => AsyncIterable<Item>;
  /** Aborts all that run, and waits for their ends. */
  close: () => Promise<void>;
};

type Run<Item> = {
  items: Item[];
  readers: number;
  controller: AbortController;
  /** Set once it has ended; `error` in it when it failed. */
  end: { error?: unknown } | null;
  /** Resolves at the next change. */
  changed: PromiseWithResolvers<void>;
};

export function createSharedRuns<Item>(): SharedRuns<Item> {
  const runs = new Map<string, Run<Item>>();
  /** Also those that were left, until they have ended. */
  const pumps = new Map<Promise<void>, AbortController>();

  function begin(key: string, start: (signal: AbortSignal) => AsyncIterable<Item>): Run<Item> {
    const run: Run<Item> = {
      items: [],
      readers: 0,
      controller: new AbortController(),
      end: null,
      changed: Promise.withResolvers(),
    };
    runs.set(key, run);
    const tell = () => {
      run.changed.resolve();
      run.changed = Promise.withResolvers();
    };
    const finish = (end: { error?: unknown }) => {
      run.end = end;
      // One that was left may have been followed by another already.
      if (runs.get(key) === run) runs.delete(key);
      tell();
    };
    const pump = async () => {
      for await (const item of start(run.controller.signal)) {
        run.items.push(item);
        tell();
      }
    };
    const pumped = pump()
      .then(
        () => finish({}),
        (error: unknown) => finish({ error }),
      )
      .finally(() => pumps.delete(pumped));
    pumps.set(pumped, run.controller);
    return run;
  }

  return {
    async close() {
      for (const controller of pumps.values()) controller.abort(new Error('The server is being stopped.'));
      await Promise.all(pumps.keys());
    },

    async *join(key, start, signal) {
      signal.throwIfAborted();
      const run = runs.get(key) ?? begin(key, start);
      run.readers++;
      const left = Promise.withResolvers<void>();
      const leave = () => left.resolve();
      signal.addEventListener('abort', leave, { once: true });
      try {
        for (let next = 0; ; ) {
          signal.throwIfAborted();
          const item = run.items[next];
          if (next < run.items.length && item !== undefined) {
            next++;
            yield item;
          } else if (run.end) {
            if ('error' in run.end) throw run.end.error;
            return;
          } else {
            await Promise.race([run.changed.promise, left.promise]);
          }
        }
      } finally {
        signal.removeEventListener('abort', leave);
        run.readers--;
        if (run.readers === 0 && !run.end) {
          if (runs.get(key) === run) runs.delete(key);
          run.controller.abort(signal.reason ?? new Error('Nobody waits for this answer any more.'));
        }
      }
    },
  };
}
