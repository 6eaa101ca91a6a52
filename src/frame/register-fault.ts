import type { Event, Exception } from '../../server/protocol/contract.ts';
import { metaAt } from '../components/annotated-text-meta.ts';
import { tracesOf } from './event-traces.ts';
import type { Registers } from './frame-details.ts';
import { parseAddress } from './native-address.ts';

export type Fault = {
  /** What the process tried to read, write or run; exact to 64 bits. */
  address: bigint;
  /** The field of the exception that says so. */
  source: string;
};

/** Mach's EXC_BAD_ACCESS. */
const BAD_ACCESS = 1n;
/** Signals whose `si_addr` is the memory that was accessed. That of SIGILL, SIGFPE and SIGABRT is an instruction's. */
const accessSignals = /^SIG(?:SEGV|BUS)\b/;

/**
 * How texts write the address of an access that failed: dumps as Sentry reads them (`EXCEPTION_ACCESS_VIOLATION_READ / 0x0`,
 * `SIGSEGV / SEGV_MAPERR / 0x10`), Unreal (`EXCEPTION_ACCESS_VIOLATION reading address 0x18`), Windows (`writing location`),
 * Android (`fault addr 0x10`), Apple (`KERN_INVALID_ADDRESS at 0x10`), KSCrash (`dereference garbage pointer at 0x10`).
 */
const inText = [
  /\b(?:EXCEPTION_ACCESS_VIOLATION|EXCEPTION_IN_PAGE_ERROR|EXCEPTION_GUARD_PAGE|SEGV_|BUS_)\w{0,40} \/ (0x[\da-f]{1,16})\b/i,
  /\b(?:reading|writing|executing) (?:address|location) (0x[\da-f]{1,16})\b/i,
  /\bfault(?:ing)? addr(?:ess)?:? (0x[\da-f]{1,16})\b/i,
  /\bKERN_(?:INVALID_ADDRESS|PROTECTION_FAILURE) at (0x[\da-f]{1,16})\b/i,
  /\bdereference \w{1,20} pointer at (0x[\da-f]{1,16})\b/i,
];

/**
 * The address that the crashed access was to, where the event says it. Sources, the most exact first:
 * `mechanism.meta.mach_exception.subcode` (Apple: of EXC_BAD_ACCESS with a code, which is not 0 where a subcode follows);
 * `mechanism.data.relevant_address` (Cocoa's SDK; of other signals it is an instruction's); `address` or `fault_address` of
 * `mechanism.meta.signal` and `mechanism.data` (no SDK of Sentry's own, but the names that its signal's fields have in C);
 * then the words of type and value. No SDK puts it into the contexts.
 */
export function faultOf({ mechanism, type, value }: Exception): Fault | null {
  const mach = metaAt(mechanism?.meta, 'mach_exception');
  const isBadAccess = parseAddress(metaAt(mach, 'exception')) === BAD_ACCESS;
  const code = parseAddress(metaAt(mach, 'code'));
  const signal = metaAt(mechanism?.meta, 'signal');
  const name = metaAt(signal, 'name');
  const isAccess = isBadAccess || (typeof name === 'string' && accessSignals.test(name));
  const fields: [string, unknown][] = [
    ['mechanism.meta.mach_exception.subcode', isBadAccess && code !== 0n && code !== null && metaAt(mach, 'subcode')],
    ['mechanism.data.relevant_address', isAccess && metaAt(mechanism?.data, 'relevant_address')],
    ...['fault_address', 'address'].flatMap((key): [string, unknown][] => [
      [`mechanism.meta.signal.${key}`, isAccess && metaAt(signal, key)],
      [`mechanism.data.${key}`, isAccess && metaAt(mechanism?.data, key)],
    ]),
  ];
  for (const [source, sent] of fields) {
    const address = parseAddress(sent);
    if (address !== null) return { address, source };
  }
  return inWords('value', value) ?? inWords('type', type);
}

function inWords(source: string, text: string | null | undefined): Fault | null {
  // Real ones are a line.
  const line = (text ?? '').slice(0, 1000);
  for (const pattern of inText) {
    const address = parseAddress(pattern.exec(line)?.[1]);
    if (address !== null) return { address, source: `exception.${source}` };
  }
  return null;
}

/** The fault of the exception whose registers these are, its own or those of its thread; null for other threads'. */
export function faultOfRegisters(event: Event, registers: Registers): Fault | null {
  const { exceptions, threads } = tracesOf(event);
  const values = exceptions?.values ?? [];
  const sought = JSON.stringify(registers);
  const isSame = (of: Pick<Exception, 'stacktrace' | 'rawStacktrace'>) =>
    [of.stacktrace, of.rawStacktrace].some((trace) => trace?.registers && JSON.stringify(trace.registers) === sought);
  const thread = threads?.values.find((each) => each.crashed && isSame(each));
  const own =
    values.findLast(isSame) ?? (thread && (values.findLast((each) => isOf(each, thread.id)) ?? values.at(-1)));
  return own ? faultOf(own) : null;
}

const isOf = ({ threadId }: Exception, id: string | number | null | undefined) =>
  id !== null && id !== undefined && String(threadId) === String(id);
