import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod/mini';
import { type BodyKind, benchmarkBodies } from './ingest-bodies.ts';

const resultSchema = z.object({ answers: z.number(), failed: z.number(), seconds: z.number(), p99: z.number() });
/** `p99` in milliseconds. */
export type LoadResult = z.infer<typeof resultSchema>;

const CONNECTIONS = 64;
const BODIES = 256;

export type Load = {
  /** What sends, for the report. */
  name: string;
  run(url: string, kind: BodyKind, seconds: number): Promise<LoadResult>;
};

/** wrk where it is installed, else a generator in Node; both in a process of their own. */
export function createLoad(folder: string): Load {
  for (const kind of ['plain', 'gzip'] as const) {
    mkdirSync(join(folder, kind));
    for (const [index, body] of benchmarkBodies(kind, BODIES).entries())
      writeFileSync(join(folder, kind, `${index}`), body);
  }
  const hasWrk = isInstalled('wrk');
  return {
    name: `${hasWrk ? 'wrk, 2 threads' : 'a generator in Node'}, ${CONNECTIONS} connections, ${BODIES} bodies`,
    async run(url, kind, seconds) {
      const script = (name: string): string => join(import.meta.dirname, name);
      const [command, args] = hasWrk
        ? ['wrk', ['-t2', `-c${CONNECTIONS}`, `-d${seconds}s`, '-s', script('load.lua'), url]]
        : [process.execPath, [script('load-generator.ts'), url, `${CONNECTIONS}`, `${seconds}`]];
      const output = await outputOf(command, args, {
        STACKMEND_BENCH_BODIES: join(folder, kind),
        STACKMEND_BENCH_COUNT: `${BODIES}`,
        STACKMEND_BENCH_ENCODING: kind === 'gzip' ? 'gzip' : '',
      });
      const line = output.split('\n').findLast((each) => each.startsWith('{')) ?? '';
      return resultSchema.parse(JSON.parse(line));
    },
  };
}

function isInstalled(command: string): boolean {
  try {
    execFileSync('which', [command], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function outputOf(command: string, args: string[], env: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`${command} ended with ${code}.`))));
  });
}

const startedSchema = z.object({ port: z.number() });
export type ServerProcess = {
  port: number;
  /** Resident bytes now, and the most so far. */
  memory(): { now: number; peak: number };
  stop(): Promise<void>;
};

/** Starts a server script that prints `{"port": n}` once it listens. */
export async function startServer(script: string, args: string[]): Promise<ServerProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, script), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for await (const line of createInterface(child.stdout)) {
    const { port } = startedSchema.parse(JSON.parse(line));
    return {
      port,
      memory: () => memoryOf(child.pid ?? 0),
      async stop() {
        child.kill('SIGTERM');
        await ended;
      },
    };
  }
  throw new Error(`${script} ended without listening.`);
}

function memoryOf(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const bytes = (name: string): number =>
    1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0);
  return { now: bytes('VmRSS'), peak: bytes('VmHWM') };
}
