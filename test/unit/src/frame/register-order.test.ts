import { expect, test } from 'vitest';
import { sortRegisters } from '../../../../src/frame/register-order.ts';
import { readRegister } from '../../../../src/frame/register-value.ts';

test.each([
  ['no architecture', null, 'x10 x3 fp x0 x20 x2 x1', 'fp x0 x1 x2 x3 x10 x20'],
  ['x86_64', 'x86_64', 'custom10 rip r10 custom2 r8 rbx rax', 'rax rbx r8 r10 rip custom2 custom10'],
  ['i386', 'i386', 'edx ebx ecx eax', 'eax ecx edx ebx'],
  ['i686', 'i686', 'ebx edx ecx eax', 'eax ecx edx ebx'],
  ['amd64', 'amd64', 'rbx rcx rdx rax', 'rax rdx rcx rbx'],
  ['aarch64', 'aarch64', 'pc sp lr fp x0', 'x0 fp lr sp pc'],
  ['arm64, two names of one register', 'arm64', 'x29 fp', 'fp x29'],
  ['arm64e, by its beginning', 'arm64e', 'pc x10 x9', 'x9 x10 pc'],
  ['32-bit arm, which has a table of its own', 'armv7', 'pc r10 sp r2 lr', 'r2 r10 sp lr pc'],
  ['mips, with the f1 that Sentry lacks', 'mips64', 'f2 f1 f0 at zero', 'zero at f0 f1 f2'],
  ['ppc', 'ppc', 'cr f0 r1', 'r1 f0 cr'],
  ['a dollar and capitals', 'x86_64', '$RIP $rdx $rax', '$rax $rdx $RIP'],
  ['an unknown architecture', 'riscv64', 'a10 a9', 'a9 a10'],
])('orders registers of %s', (_, arch, sent, expected) => {
  expect(sortRegisters(sent.split(' '), arch)).toEqual(expected.split(' '));
});

test.each<[string | number, string, string]>([
  ['0x000000000000000a', '0x000000000000000a', '10'],
  [10, '0x000000000000000a', '10'],
  ['a', '0x000000000000000a', '10'],
  ['xyz', 'xyz', 'xyz'],
  ['', '', ''],
  [1.5, '1.5', '1.5'],
  ['0xffffffffffffffff', '0xffffffffffffffff', '18446744073709551615'],
  ['0x7fffffffffffffff', '0x7fffffffffffffff', '9223372036854775807'],
  ['0x123456789abcdef01', '0x123456789abcdef01', '20988295479420645121'],
])('reads register value %s exactly', (value, hexadecimal, decimal) => {
  expect(readRegister(value)).toEqual({ hexadecimal, decimal });
});
