import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const toldSchema = z.object({ url: z.url(), pid: z.int().positive() });

const fileOf = (dataDirectory: string) => join(dataDirectory, 'server.json');

/**
 * Writes down where the server of this data is reached, for the commands that print DSNs and links: their own settings
 * may say something else, as HOST and PORT are often set for the server alone. What cannot be written is told and no
 * more: a server with a full disk still has events to show.
 *
 * @returns what takes it away again
 */
export function tellAddress(dataDirectory: string, url: string, onError: (error: unknown) => void): () => void {
  const file = fileOf(dataDirectory);
  try {
    writeFileSync(file, `${JSON.stringify({ url, pid: process.pid })}\n`);
  } catch (cause) {
    onError(new Error('Commands will not know the address of this server: server.json cannot be written.', { cause }));
  }
  return () => {
    // Another server on the same data may have come since.
    if (readTold(file)?.pid === process.pid) rmSync(file, { force: true });
  };
}

/** @returns what the server that runs wrote; null for none, and for one that was killed and left its file behind */
export function addressTold(dataDirectory: string): string | null {
  const told = readTold(fileOf(dataDirectory));
  return told && isRunning(told.pid) ? told.url : null;
}

function readTold(file: string): z.infer<typeof toldSchema> | null {
  try {
    return toldSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** Signal 0 asks and sends nothing. A number that another process has got since costs no more than an old address. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
