import type { NodeOptions } from '@sentry/node';
import { describeOwnError } from './own-code.ts';

/** The options as the operator set them. A text that is empty is not set. */
export type SdkConfig = {
  /** Upstream. */
  dsn: string;
  relayDsn: string;
  environment: string;
  release: string;
  /** Share of errors, 0 to 1, that are captured. */
  sampleRate: number;
};

type SdkOptions = Pick<NodeOptions, 'environment' | 'sampleRate' | 'sendClientReports' | 'beforeSend'> & {
  release: string;
};

/**
 * The SDK's own options, and apart from them the DSNs of both sides: the SDK knows one DSN, and sends through ours.
 *
 * @param version Stackmend's, of which the release is made
 */
export function getSdkOptions(
  config: SdkConfig,
  version: string,
): { options: SdkOptions; dsns: { upstream: string | null; relay: string | null } } {
  const { dsn, relayDsn, ...configured } = config;
  return {
    options: {
      ...configured,
      release: configured.release || `stackmend@${version}`,
      sendClientReports: true,
      beforeSend: describeOwnError,
    },
    dsns: { upstream: dsn || null, relay: relayDsn || null },
  };
}
