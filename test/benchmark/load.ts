import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { type BodyKind, type EventOf, templates } from './bodies.ts';

const resultSchema = z.object({ answers: z.number(), failed: z.number(), seconds: z.number(), p99: z.number() });
/** `p99` in milliseconds. */
export type LoadResult = z.infer<typeof resultSchema>;

const CONNECTIONS = 64;
const BODIES = 256;

export type Load = {
  /** What sends, for the report; it is counted in nothing. */
  name: string;
  run(url: string, kind: BodyKind, seconds: number): Promise<LoadResult>;
};

/** wrk where it is installed, else a generator in Node; both in a process of their own, both with a new event id each time. */
export function createLoad(folder: string, eventOf?: EventOf): Load {
  for (const kind of ['plain', 'gzip'] as const) writeTemplates(join(folder, kind), kind, eventOf);
  const hasWrk = isInstalled('wrk');
  const script = (name: string): string => join(import.meta.dirname, name);
  let runs = 0;
  return {
    name: `${hasWrk ? 'wrk, 2 threads' : 'a generator in Node'}, ${CONNECTIONS} connections`,
    async run(url, kind, seconds) {
      const [command, args] = hasWrk
        ? ['wrk', ['-t2', `-c${CONNECTIONS}`, `-d${seconds}s`, '-s', script('load.lua'), url]]
        : [process.execPath, [script('load-generator.ts'), url, `${CONNECTIONS}`, `${seconds}`]];
      const output = await outputOf(command, args, {
        STACKMEND_BENCH_BODIES: join(folder, kind),
        STACKMEND_BENCH_COUNT: `${BODIES}`,
        STACKMEND_BENCH_ENCODING: kind === 'gzip' ? 'gzip' : '',
        // A million ids for each thread of each run.
        STACKMEND_BENCH_FIRST: `${runs++ * 0x200000}`,
      });
      const line = output.split('\n').findLast((each) => each.startsWith('{')) ?? '';
      return resultSchema.parse(JSON.parse(line));
    },
  };
}

/** Numbered files, each beside the numbers that stamping needs. */
function writeTemplates(folder: string, kind: BodyKind, eventOf: EventOf | undefined): void {
  mkdirSync(folder);
  for (const [index, { bytes, digitsAt, checksum }] of templates(kind, 0, BODIES, BODIES, eventOf).entries()) {
    const numbers = checksum ? [...digitsAt, checksum.at, checksum.value, ...checksum.deltas] : digitsAt;
    writeFileSync(join(folder, `${index}`), bytes);
    writeFileSync(join(folder, `${index}.txt`), numbers.join(' '));
  }
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
