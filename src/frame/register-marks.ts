import type { Registers } from './frame-details.ts';
import type { Fault } from './register-fault.ts';
import { archOf } from './register-order.ts';
import { toBigInt } from './register-value.ts';

export type RegisterMark = 'pc' | 'sp' | 'fault';

const counters = new Set(['rip', 'eip', 'pc']);
const pointers = new Set(['rsp', 'esp', 'sp']);
/** Numbered registers with one of both parts in an architecture; where PowerPC resumes is in SRR0. */
const byArch: Record<string, Record<string, RegisterMark>> = {
  arm: { r15: 'pc', r13: 'sp' },
  arm64: { x31: 'sp' },
  mips: { r29: 'sp' },
  ppc: { srr0: 'pc', r1: 'sp' },
};

/** Addresses below this are of a null pointer, or of a field behind one: no system maps the first page. */
const FIRST_PAGE = 4096n;
export const isNullLike = (address: bigint): boolean => address < FIRST_PAGE;

/** `rip` of `$RIP`. */
const registerName = (name: string): string => name.replace(/^\$/, '').toLowerCase();

/**
 * What each register is for. Those that hold the fault address are marked as well, which says no more than that. Of a
 * null-like one they are not: of any crash's registers several are 0 or small, and the one at fault need not be among them.
 */
export function markRegisters(
  registers: Registers,
  arch: string | null,
  fault: Fault | null,
): ReadonlyMap<string, readonly RegisterMark[]> {
  const special = byArch[archOf(arch) ?? ''] ?? {};
  const marked = Object.entries(registers).map(([sent, value]): [string, RegisterMark[]] => {
    const name = registerName(sent);
    const marks: RegisterMark[] = [];
    if (counters.has(name)) marks.push('pc');
    else if (pointers.has(name)) marks.push('sp');
    else if (Object.hasOwn(special, name) && special[name]) marks.push(special[name]);
    const isFault = fault !== null && !isNullLike(fault.address) && value !== null && toBigInt(value) === fault.address;
    return [sent, isFault ? [...marks, 'fault'] : marks];
  });
  return new Map(marked.filter(([, marks]) => marks.length > 0));
}
