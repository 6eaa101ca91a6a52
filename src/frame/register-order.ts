import { lazily } from '../components/lazily.ts';

/** Register names by architecture, in DWARF's numbering (sentry-behaviour 7.8): the order in which a debugger lists them. */
const range = (prefix: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${prefix}${from + index}`);
const names = (text: string) => text.split(' ');

const segments = names('es cs ss ds fs gs');
/** Each place in an order has one name, or several for the same register: `x29|fp`. */
const orders: Record<string, readonly string[]> = {
  x86: [
    ...names('eax ecx edx ebx esp ebp esi edi eip eflags|efl'),
    ...range('st', 0, 7),
    ...range('xmm', 0, 7),
    ...range('mm', 0, 7),
    ...names('fcw fsw mxcsr'),
    ...segments,
    ...names('tr ldtr'),
  ],
  x86_64: [
    ...names('rax rdx rcx rbx rsi rdi rbp rsp'),
    ...range('r', 8, 15),
    'rip',
    ...range('xmm', 0, 15),
    ...range('st', 0, 7),
    ...range('mm', 0, 7),
    'rflags|eflags',
    ...segments,
    ...names('fs.base gs.base tr ldtr mxcsr fcw fsw'),
  ],
  arm: [
    ...range('r', 0, 10),
    ...names('r11|fp r12 r13|sp r14|lr r15|pc fps cpsr'),
    ...range('s', 0, 31),
    ...range('f', 0, 7),
  ],
  arm64: [
    ...range('x', 0, 15),
    ...names('x16|ip0 x17|ip1'),
    ...range('x', 18, 28),
    ...names('x29|fp x30|lr sp|x31 pc cpsr'),
    ...range('v', 0, 31),
  ],
  mips: [
    ...names('zero at v0 v1 a0 a1 a2 a3'),
    ...range('t', 0, 7),
    ...range('s', 0, 7),
    ...names('t8 t9 k0 k1 gp sp fp|s8 ra lo hi pc'),
    // Sentry's table lacks f1.
    ...range('f', 0, 31),
    ...names('fcsr fir'),
  ],
  ppc: [
    ...range('r', 0, 31),
    ...range('f', 0, 31),
    ...names('cr fpsrc|fpscr msr'),
    ...range('sr', 0, 15),
    ...names('srr0 srr1'),
  ],
};

const ranks = new Map(
  Object.entries(orders).map(([arch, order]) => [
    arch,
    new Map(order.flatMap((place, rank) => place.split('|').map((name): [string, number] => [name, rank]))),
  ]),
);

const aliases: [RegExp, string][] = [
  [/^(x86_64|amd64|x64)/, 'x86_64'],
  [/^(x86|i[3-6]86)/, 'x86'],
  [/^(arm64|aarch64)/, 'arm64'],
  [/^arm/, 'arm'],
  [/^mips/, 'mips'],
  [/^(ppc|powerpc)/, 'ppc'],
];

/** One of `x86`, `x86_64`, `arm`, `arm64`, `mips` and `ppc`, of what an SDK calls them; undefined for others. */
export const archOf = (arch: string | null | undefined): string | undefined =>
  aliases.find(([pattern]) => pattern.test((arch ?? '').toLowerCase()))?.[1];

const byName = lazily(() => new Intl.Collator('en', { numeric: true }));

/**
 * Register names in the order of their architecture: known ones first, by their place, then the others by name, numbers
 * read as numbers. Without a known architecture all go by name. A leading `$` and case do not count.
 *
 * @param arch `contexts.device.arch` as the SDK wrote it: `x86_64`, `arm64e`, `i686`
 */
export function sortRegisters(registers: readonly string[], arch: string | null | undefined): string[] {
  const known = archOf(arch);
  const rankOf = known ? ranks.get(known) : undefined;
  const rank = (name: string) => rankOf?.get(name.replace(/^\$/, '').toLowerCase()) ?? Number.MAX_SAFE_INTEGER;
  return registers.toSorted((a, b) => rank(a) - rank(b) || byName().compare(a, b));
}
