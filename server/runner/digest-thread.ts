/** Works the spool off, in a thread of its own: woken when something was written, and by itself for what a command wrote. */
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { digestPending } from '../digest/digest.ts';
import { openDatabase } from '../storage/database.ts';
import { openSpool } from '../storage/spool.ts';
import { digestServices } from './digest-services.ts';
import { createSymbolicator } from './symbolicator.ts';

type MetricCall = [kind: 'incr' | 'timing', key: string, value: number, tags?: Record<string, string>];
export type FromDigest =
  | { type: 'digested'; mark: number }
  | { type: 'metrics'; calls: MetricCall[] }
  | { type: 'failed'; error: ToldError; projectId: number | null };
/** An error on its way between threads, which would keep neither its class nor its code. */
export type ToldError = { name: string; message: string; stack: string | undefined; code: string | undefined };

/** How long an idle thread sleeps; a command's events are seen at the latest after this. */
const IDLE_MS = 200;
/** How long to wait after a failure of the database itself (a full disk, say) before trying again. */
const FAILED_MS = 1000;
/**
 * Envelopes of one transaction when many wait: the pages that all events share are written once for each. 250 take two
 * thirds of the time in SQL that 100 do, and hold the write lock for a tenth of a second.
 */
const BATCH = 250;

const port = parentPort;
if (!port) throw new Error('This file is the body of a worker thread.');
const send = (message: FromDigest) => port.postMessage(message);

export type DigestData = { dataDirectory: string; symbolicatorCacheBytes: number };
const { dataDirectory, symbolicatorCacheBytes } = workerData as DigestData;
const file = join(dataDirectory, 'stackmend.db');
const db = openDatabase(file, { mustExist: true });
const spool = openSpool(join(dataDirectory, 'spool.db'), { mustExist: true });
const symbolicator = createSymbolicator({ file, cacheBytes: symbolicatorCacheBytes });
let calls: MetricCall[] = [];
const services = {
  spool,
  ...digestServices(
    db,
    {
      // They land in the main thread's registry, a batch at a time.
      incr: (key, amount = 1, tags = undefined) => void calls.push(['incr', key, amount, tags]),
      timing: (key, milliseconds, tags) => void calls.push(['timing', key, milliseconds, tags]),
    },
    symbolicator.symbolicate,
  ),
  onError: (error: unknown, projectId: number) => send({ type: 'failed', error: toTold(error), projectId }),
};

let isClosing = false;
let isWoken = false;
let wake = () => {};
port.on('message', (message: 'wake' | 'close') => {
  if (message === 'close') isClosing = true;
  isWoken = true;
  wake();
});

while (!isClosing) await rest(await digestOnce());
await symbolicator.close();
await db.destroy();
spool.close();
port.close();

/** Even no rest lets messages in, between two batches. A wake-up that came during the batch ends the rest at once. */
function rest(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, isWoken ? 0 : milliseconds);
    isWoken = false;
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

/** @returns milliseconds to rest before the next batch */
async function digestOnce(): Promise<number> {
  try {
    const { digested, mark } = await digestPending(services, { limit: BATCH });
    if (calls.length > 0) send({ type: 'metrics', calls });
    calls = [];
    if (digested === 0) return IDLE_MS;
    send({ type: 'digested', mark });
    return 0;
  } catch (error) {
    send({ type: 'failed', error: toTold(error), projectId: null });
    return FAILED_MS;
  }
}

function toTold(error: unknown): ToldError {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  return { name, message, stack, code };
}
