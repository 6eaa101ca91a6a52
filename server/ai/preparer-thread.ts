/** Prepares events and counts tokens, one after another: `createPreparerThread` starts it, and ends it when it is too slow. */
import { parentPort } from 'node:worker_threads';
import type { SuggestErrorKind } from '../protocol/contract.ts';
import { StatusError } from '../protocol/errors.ts';
import type { Prepared } from './prepare.ts';
import { preparer, type ToCount, type ToPrepare } from './preparer.ts';
import { SuggestError } from './suggest-error.ts';

export type ToPreparer = { prepare: ToPrepare } | { count: ToCount };
export type FromPreparer =
  | { answer: Prepared | number }
  /** An error of ours, whose class is lost on its way; without a status it is a fault. */
  | { message: string; status?: number; kind?: SuggestErrorKind };

const port = parentPort;
if (!port) throw new Error('This file is the body of a worker thread.');
port.on('message', async (asked: ToPreparer) => port.postMessage(await answerTo(asked)));

async function answerTo(asked: ToPreparer): Promise<FromPreparer> {
  try {
    return { answer: 'prepare' in asked ? await preparer.prepare(asked.prepare) : await preparer.count(asked.count) };
  } catch (error) {
    if (error instanceof SuggestError) return { message: error.message, kind: error.kind };
    if (error instanceof StatusError) return { message: error.message, status: error.status };
    return { message: error instanceof Error ? error.message : String(error) };
  }
}
