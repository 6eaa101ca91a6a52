import type { ClientDeps, OpenClient } from './open-client.ts';

/** What is known of an error beside itself. */
export type ErrorScope = {
  /** Id of the project whose event was being digested. */
  project?: number;
  /** Relaying it would only repeat it: upstream alone is told. */
  isUnsafe?: boolean;
  /** What was going on, in our words. Stays on this machine. */
  during?: string;
};

/** Where the relay's envelopes go. */
type InternalProject = {
  /** Null: it has none that is active. */
  findKey: () => Promise<string | null>;
  /** Resolves when the envelope is on disk. */
  append: (body: Buffer) => Promise<void>;
};

/** Reports our own errors. Nothing here throws. */
export type Sdk = {
  captureException: (error: unknown, scope?: ErrorScope) => void;
  /** Tells where the internal project is; until then a few envelopes wait. Does nothing where the relay has a DSN. */
  connectRelay: (project: InternalProject) => Promise<void>;
  /** False: the last envelope to a side was not taken. */
  isHealthy: () => boolean;
  /** Sends what there is and takes no more. @returns whether all was sent within `timeoutMs` */
  close: (timeoutMs: number) => Promise<boolean>;
};

export type SdkDeps = ClientDeps & {
  /** Takes one turn of this error; false when it has come too often lately. */
  allow: (fingerprint: string) => boolean;
};

/** For commands, and where it is switched off. */
export const NO_SDK: Sdk = {
  captureException: () => {},
  connectRelay: async () => {},
  isHealthy: () => true,
  close: async () => true,
};

type Captured = [error: unknown, scope: ErrorScope];

/** Errors that wait for the SDK to be loaded. */
const MAX_WAITING = 10;

/**
 * Loads the SDK, while the caller goes on; what is captured until then waits. A failure to load it is logged: nobody who
 * reports errors may be the reason for one.
 */
export function configureSdk({ allow, ...deps }: SdkDeps): Sdk {
  const { incr, log } = deps;
  let waiting: Captured[] = [];
  let client: OpenClient | null = null;
  let isClosed = false;
  const opening = open();

  async function open(): Promise<OpenClient | null> {
    try {
      const { openClient } = await import('./open-client.ts');
      client = openClient(deps);
      for (const captured of waiting) client.capture(...captured);
      waiting = [];
    } catch (error) {
      log('The SDK cannot be set up: errors of the server are only logged.', error);
      isClosed = true;
    }
    return client;
  }

  return {
    captureException(error, scope = {}) {
      if (isClosed) return;
      if (!allow(fingerprintOf(error))) {
        incr('internal.uncaptured.errors', 1, { reason: 'repeated' });
        client?.recordLost();
      } else if (client) client.capture(error, scope);
      else if (waiting.length < MAX_WAITING) waiting.push([error, scope]);
      else incr('internal.uncaptured.errors', 1, { reason: 'not_ready' });
    },

    async connectRelay({ findKey, append }) {
      const opened = await opening;
      if (!opened?.needsRelay) return;
      opened.connectRelay((await hasKey(findKey, log)) ? append : null);
    },

    isHealthy: () => client?.isHealthy() ?? true,

    async close(timeoutMs) {
      const deadline = Promise.withResolvers<boolean>();
      const timer = setTimeout(() => deadline.resolve(false), timeoutMs);
      const closing = opening.then((opened) => opened?.close(timeoutMs) ?? true).catch(() => false);
      // The SDK's own waits for its queue first, and then as long again for the transport.
      const isFlushed = await Promise.race([closing, deadline.promise]);
      clearTimeout(timer);
      isClosed = true;
      return isFlushed;
    },
  };
}

/** A key that is switched off switches the relay off. Neither that nor a failure stops a start. */
async function hasKey(findKey: InternalProject['findKey'], log: SdkDeps['log']): Promise<boolean> {
  try {
    const key = await findKey();
    if (key === null) log('internal-error.no-project-available');
    return key !== null;
  } catch (error) {
    log('internal-error.unable-to-fetch-project', error);
    return false;
  }
}

/** Class and place of an error, without its words, which differ each time. */
function fingerprintOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const places = error.stack?.split('\n').filter((line) => line.startsWith('    at ')) ?? [];
  return [error.name, ...places.slice(0, 3)].join('\n').slice(0, 1000);
}
