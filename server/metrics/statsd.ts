import { createSocket } from 'node:dgram';
import type { MetricsBackend } from './backend.ts';
import type { Tags } from './metrics.ts';

export type StatsdOptions = {
  host: string;
  port: number;
  /** Share of counts and times that are sent, 0 to 1; each says its share, and statsd scales it up again. */
  sampleRate: number;
  /** From 0 up to 1. */
  random: () => number;
  onError: (error: unknown) => void;
};

/** Fits one Ethernet frame with its headers, also through a tunnel. */
const MAX_PACKET_BYTES = 1400;
const FLUSH_MS = 500;

/**
 * Lines of statsd over UDP, with tags as DogStatsD has them (Sentry's statsd backend drops them).
 *
 * hot-shots would do it too, but takes `unix-dgram` along, which is C++ and compiled on every installation.
 *
 * @see https://docs.datadoghq.com/developers/dogstatsd/datagram_shell/
 */
export function createStatsdBackend({ host, port, sampleRate, random, onError }: StatsdOptions): MetricsBackend {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  socket.unref();
  socket.on('error', onError);
  const share = sampleRate < 1 ? `|@${sampleRate}` : '';
  let packet = '';
  let timer: NodeJS.Timeout | undefined;

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const bytes = Buffer.from(packet);
    packet = '';
    return new Promise((resolve) => {
      if (bytes.byteLength === 0) return resolve();
      socket.send(bytes, port, host, (error) => {
        if (error) onError(error);
        resolve();
      });
    });
  }

  function send(line: string): void {
    if (Buffer.byteLength(packet) + Buffer.byteLength(line) + 1 > MAX_PACKET_BYTES) void flush();
    packet = packet === '' ? line : `${packet}\n${line}`;
    timer ??= setTimeout(flush, FLUSH_MS).unref();
  }

  const isChosen = () => sampleRate >= 1 || random() < sampleRate;
  return {
    incr(key, amount, tags) {
      if (isChosen()) send(`${clean(key)}:${amount}|c${share}${tagsOf(tags)}`);
    },
    // The latest value is the value: there is nothing to scale.
    gauge: (key, value, tags) => send(`${clean(key)}:${value}|g${tagsOf(tags)}`),
    timing(key, milliseconds, tags) {
      if (isChosen()) send(`${clean(key)}:${milliseconds}|ms${share}${tagsOf(tags)}`);
    },
    async close() {
      await flush();
      socket.close();
    },
  };
}

function tagsOf(tags: Tags): string {
  const pairs = Object.entries(tags).map(([name, value]) => `${clean(name)}:${clean(value)}`);
  return pairs.length > 0 ? `|#${pairs.join(',')}` : '';
}

/** What the lines are made of cannot be in a name or a value; `/` and `:` of a route pattern can be read without. */
const clean = (text: string) => text.replace(/[|#,@:\s]/g, '_');
