/** Loads the SDK: 200 ms and 50 MB, so `configure-sdk.ts` imports this file when it has to. */
import {
  contextLinesIntegration,
  defaultStackParser,
  functionToStringIntegration,
  getCurrentScope,
  linkedErrorsIntegration,
  NodeClient,
  nodeContextIntegration,
  onUncaughtExceptionIntegration,
  withScope,
} from '@sentry/node';
import type { Metrics } from '../metrics/metrics.ts';
import type { CaptureRules } from './capture-anything.ts';
import type { ErrorScope } from './configure-sdk.ts';
import { patchTransportForInstrumentation } from './instrumentation.ts';
import { isCurrentEventSafe, PROJECT_TAG, UNSAFE_TAG } from './is-current-event-safe.ts';
import { createLateTransport } from './late-transport.ts';
import { MultiplexingTransport } from './multiplexing-transport.ts';
import { getSdkOptions, type SdkConfig } from './options.ts';
import { withoutMessage } from './own-code.ts';
import type { SideTransport } from './side.ts';
import { createHttpTransport, createSpoolTransport } from './transports.ts';

export type ClientDeps = {
  config: SdkConfig;
  /** Stackmend's. */
  version: string;
  rules: Pick<CaptureRules, 'upstreamMetrics' | 'upstreamMetricsSampleRate' | 'relaySampleRate'>;
  /** Id of the project that the relay sends to, unless it has a DSN. */
  internalProject: number;
  incr: Metrics['incr'];
  log: (message: string, error?: unknown) => void;
};

/** The SDK sends nothing without a DSN. Ours stands in its headers alone, which name it to the transports: they have their own. */
const NO_DSN = `http://${'0'.repeat(32)}@localhost/1`;

/** Or nobody would know of a DSN that is wrong before it is needed. */
const NOT_TAKEN = 'A report of an error of this server was not taken: look at sdk.dsn and sdk.relay-dsn.';
const TAKEN_AGAIN = 'Reports of errors of this server are taken again.';

export type OpenClient = ReturnType<typeof openClient>;

/**
 * Makes the SDK's client and puts it in charge of uncaught errors. The class, not `Sentry.init`, which takes what is not set
 * from the environment: a spotlight, say, that would be sent every error in full.
 */
export function openClient({ config, version, rules, internalProject, incr, log }: ClientDeps) {
  const { options, dsns } = getSdkOptions(config, version);
  const instrument = <T extends SideTransport>(name: string, transport: T) =>
    patchTransportForInstrumentation(transport, name, incr);
  const late = createLateTransport();
  let recordLost: Parameters<typeof createHttpTransport>[1] = () => {};

  function createMultiplexing(): MultiplexingTransport {
    const upstream = dsns.upstream
      ? // Its losses are counted by us; reported through the SDK they would be the relay's as well.
        instrument(
          'upstream',
          createHttpTransport(dsns.upstream, () => {}),
        )
      : null;
    const ownRelay = dsns.relay ? instrument('relay', createHttpTransport(dsns.relay, recordLost)) : late;
    const relay: SideTransport = { ...ownRelay, recordLostEvent: recordLost };
    return new MultiplexingTransport(
      { upstream, relay },
      {
        ...rules,
        incr,
        random: Math.random,
        isSafe: (envelope) => isCurrentEventSafe(envelope, internalProject),
      },
      (isHealthy) => log(isHealthy ? TAKEN_AGAIN : NOT_TAKEN),
    );
  }

  let transport: MultiplexingTransport | undefined;
  const client = new NodeClient({
    ...options,
    dsn: dsns.upstream ?? dsns.relay ?? NO_DSN,
    transport: ({ recordDroppedEvent }) => {
      recordLost = recordDroppedEvent;
      transport = createMultiplexing();
      return transport;
    },
    stackParser: withoutMessage(defaultStackParser),
    integrations: integrations(),
    maxBreadcrumbs: 0,
    // Nothing is patched: requests run as if there was no SDK.
    enableRuntimeChannelInjection: false,
    spotlight: false,
  });
  getCurrentScope().setClient(client);
  client.init();
  client.startClientReportTracking();

  return {
    capture(error: unknown, { project, isUnsafe, during }: ErrorScope): void {
      withScope((scope) => {
        if (project !== undefined) scope.setTag(PROJECT_TAG, String(project));
        if (isUnsafe) scope.setTag(UNSAFE_TAG, 'true');
        if (during) scope.setExtra('during', during);
        client.captureException(error, { originalException: error }, scope);
      });
    },
    recordLost: () => transport?.recordLostEvent('ratelimit_backoff', 'error'),
    /** Does the internal project have to take what the relay sends? */
    needsRelay: dsns.relay === null,
    /** @param append null: there is no relay */
    connectRelay(append: ((body: Buffer) => Promise<void>) | null): void {
      if (!append) transport?.removeRelay();
      late.connect(append && instrument('relay', createSpoolTransport(append, recordLost)));
    },
    isHealthy: () => transport?.isHealthy() ?? true,
    close: (timeoutMs: number): PromiseLike<boolean> => client.close(timeoutMs),
  };
}

/**
 * Short, since an event of ours must not quote one of a user: no breadcrumbs, no requests, no local variables. Uncaught
 * rejections need none of their own: Node raises them as uncaught exceptions, and the SDK's integration for them would
 * keep the process running after some.
 */
const integrations = () => [
  functionToStringIntegration(),
  linkedErrorsIntegration(),
  contextLinesIntegration(),
  nodeContextIntegration(),
  onUncaughtExceptionIntegration(),
];
