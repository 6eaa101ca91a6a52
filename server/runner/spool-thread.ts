/** The spool's one writer, a worker thread: `spool-writer.ts` starts it and talks to it. */
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { openSpool, packRow, type SpoolDepth, type SpoolRow } from '../storage/spool.ts';

/** Bodies of one turn of the main thread: the small ones one after the other in `packed`, the large ones by themselves. */
export type AppendMessage = {
  kind: 'append';
  rows: (Omit<SpoolRow, 'body'> & { storedBytes: number; isLarge: boolean })[];
  packed: ArrayBuffer;
  large: ArrayBuffer[];
};
export type ToThread = AppendMessage | { kind: 'delete'; mark: number } | { kind: 'close' };

/** Everything that the thread worked off in one transaction, in the order it was sent. */
export type FromThread =
  | { kind: 'ready'; depth: SpoolDepth }
  | { kind: 'committed'; appended: number; deleted: number[]; mark: number; depth: SpoolDepth }
  | { kind: 'failed'; appended: number; deleted: number; code: string; message: string };

/** When more than this wait for one commit, packing is what they wait for: they are written as they are. */
const MAX_PACKED_ROWS = 16;

type ThreadData = { file: string; maxFileBytes: number; mustExist: boolean };

if (parentPort) run(parentPort, threadData(workerData));

function threadData(data: unknown): ThreadData {
  if (typeof data === 'object' && data !== null && 'file' in data && 'maxFileBytes' in data) {
    const { file, maxFileBytes } = data;
    const mustExist = 'mustExist' in data && data.mustExist === true;
    if (typeof file === 'string' && typeof maxFileBytes === 'number') return { file, maxFileBytes, mustExist };
  }
  throw new TypeError('The spool thread needs the path of its file and its largest size.');
}

function run(port: MessagePort, { file, ...options }: ThreadData): void {
  const spool = openSpool(file, options);
  const depth = spool.depth();
  const send = (message: FromThread): void => port.postMessage(message);

  port.on('message', (message: ToThread) => {
    const messages = [message, ...drain(port)];
    const work = messages.filter((each) => each.kind !== 'close');
    if (work.length > 0) commit(work);
    if (work.length < messages.length) {
      spool.close();
      port.close();
    }
  });
  send({ kind: 'ready', depth });

  /** Group commit: whatever arrived while the last one waited for the disk shares this one's wait. */
  function commit(work: Exclude<ToThread, { kind: 'close' }>[]): void {
    const counts = countOf(work);
    const deleted: number[] = [];
    const change = { rows: 0, bytes: 0 };
    const isBehind = counts.appended > MAX_PACKED_ROWS;
    let mark = 0;
    try {
      spool.atomically(() => {
        for (const message of work) {
          if (message.kind === 'append') {
            const rows = rowsOf(message);
            const { id, bytes } = spool.appendRows(isBehind ? rows : rows.map(packRow));
            mark = id;
            change.rows += message.rows.length;
            change.bytes += bytes;
          } else {
            const gone = spool.depth(message.mark);
            deleted.push(spool.deleteUpTo(message.mark));
            change.rows -= gone.rows;
            change.bytes -= gone.bytes;
          }
        }
      });
    } catch (error) {
      const code = codeOf(error);
      send({ kind: 'failed', ...counts, code, message: String(error) });
      // After anything but a full disk the connection may be broken: a new thread opens a new one.
      if (code !== 'SQLITE_FULL') throw error;
      return;
    }
    depth.rows += change.rows;
    depth.bytes += change.bytes;
    send({ kind: 'committed', appended: counts.appended, deleted, mark, depth });
  }
}

function drain(port: MessagePort): ToThread[] {
  const messages: ToThread[] = [];
  for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) messages.push(next.message);
  return messages;
}

function countOf(work: ToThread[]): { appended: number; deleted: number } {
  const counts = { appended: 0, deleted: 0 };
  for (const message of work) {
    if (message.kind === 'append') counts.appended += message.rows.length;
    else counts.deleted += 1;
  }
  return counts;
}

function rowsOf({ rows, packed, large }: AppendMessage): SpoolRow[] {
  let offset = 0;
  let largeIndex = 0;
  return rows.map(({ storedBytes, isLarge, ...row }) => {
    if (isLarge) return { ...row, body: Buffer.from(large[largeIndex++] ?? new ArrayBuffer(0)) };
    const body = Buffer.from(packed, offset, storedBytes);
    offset += storedBytes;
    return { ...row, body };
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
}
