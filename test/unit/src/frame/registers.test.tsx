import { screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, it, test } from 'vitest';
import type { Event } from '../../../../server/protocol/contract.ts';
import { faultOf } from '../../../../src/frame/register-fault.ts';
import { markRegisters } from '../../../../src/frame/register-marks.ts';
import { event, frame, serveLinks, show, stacktrace } from './make-event.tsx';

serveLinks();

type Mechanism = Parameters<typeof faultOf>[0]['mechanism'];
const mach = (parts: object): Mechanism => ({ meta: { mach_exception: parts } });
const signal = (parts: object, data?: Record<string, unknown>): Mechanism => ({ meta: { signal: parts }, data });

describe('the fault address', () => {
  const max = 0xffffffffffffffffn;
  test.each<[string, Mechanism, bigint]>([
    ['a bad access of Mach', mach({ exception: 1, code: 1, subcode: 16 }), 16n],
    ['one of 64 bits, in digits', mach({ exception: 1, code: 2, subcode: '18446744073709551615' }), max],
    ['Cocoa’s relevant address', signal({ name: 'SIGSEGV' }, { relevant_address: '0x00000001b240d7b0' }), 0x1b240d7b0n],
    [
      'the subcode before the relevant address',
      { ...mach({ exception: 1, code: 1, subcode: 1 }), data: { relevant_address: '0x2' } },
      1n,
    ],
    ['the address of a signal', signal({ name: 'SIGBUS', number: 7, address: '0x10' }), 16n],
    ['that of a null pointer', signal({ name: 'SIGSEGV' }, { fault_address: 0 }), 0n],
  ])('is %s', (_, mechanism, address) => expect(faultOf({ mechanism })?.address).toBe(address));

  test.each<[string, Mechanism]>([
    ['another exception of Mach', mach({ exception: 10, code: 0, subcode: 0 })],
    ['a bad access without a code, whose subcode is something else', mach({ exception: 1, code: 0, subcode: 8 })],
    ['a signal whose address is an instruction’s', signal({ name: 'SIGABRT' }, { relevant_address: '0x1b240d7b0' })],
    ['a number whose last bits are lost', signal({ name: 'SIGSEGV', address: 2 ** 60 })],
    ['words', signal({ name: 'SIGSEGV', address: 'nowhere' })],
    ['no mechanism', null],
    ['keys of no object', signal({ name: 'SIGSEGV' }, Object.create(null))],
  ])('is not told by %s', (_, mechanism) => expect(faultOf({ mechanism })).toBeNull());

  test.each<[string, bigint | null]>([
    ['Fatal Error: EXCEPTION_ACCESS_VIOLATION_READ / 0x0', 0n],
    ['Fatal Error: EXCEPTION_ACCESS_VIOLATION_WRITE / 0xffffffffffffffff', max],
    ['SIGSEGV / SEGV_MAPERR / 0x10', 16n],
    ['Unhandled Exception: EXCEPTION_ACCESS_VIOLATION reading address 0x0000000000000018', 24n],
    ['signal 11 (SIGSEGV), code 1 (SEGV_MAPERR), fault addr 0xc', 12n],
    ['Attempted to dereference garbage pointer at 0x13fd4582e.', 0x13fd4582en],
    ['KERN_INVALID_ADDRESS at 0x8', 8n],
    ['Attempted to dereference null pointer.', null],
    ['EXCEPTION_ACCESS_VIOLATION_READ / 0x1ffffffffffffffff', null],
    ['order 0x10 is at fault', null],
  ])('of the text %s is %s', (value, address) => {
    expect(faultOf({ value })?.address ?? null).toBe(address);
    expect(faultOf({ type: value, value: 'Segfault' })?.address ?? null).toBe(address);
  });

  it('is looked for in linear time', () => {
    const start = performance.now();
    for (const piece of ['EXCEPTION_ACCESS_VIOLATION', 'reading ', 'fault addr ', 'SEGV_a', '0x'])
      expect(faultOf({ value: piece.repeat(200_000) })).toBeNull();
    expect(performance.now() - start).toBeLessThan(500);
  });
});

describe('a register is marked', () => {
  const fault = { address: 0xfedcba9876543210n, source: 'x' };
  test.each<[string, string | null, Record<string, string | number | null>, object]>([
    ['of x86_64', 'x86_64', { rip: '0x1', rsp: '0x2', rbp: '0x3' }, { rip: ['pc'], rsp: ['sp'] }],
    ['of x86, with a dollar', 'i686', { $EIP: 1, $esp: 2, eax: null }, { $EIP: ['pc'], $esp: ['sp'] }],
    ['of arm64, without an architecture', null, { pc: '0x1', sp: '0x2', lr: '0x3' }, { pc: ['pc'], sp: ['sp'] }],
    ['of arm, by number', 'armv7', { r15: '0x1', r13: '0x2', r1: '0x3' }, { r15: ['pc'], r13: ['sp'] }],
    ['of PowerPC', 'ppc64', { srr0: '0x1', r1: '0x2', r15: '0x3' }, { srr0: ['pc'], r1: ['sp'] }],
    [
      'that holds the fault address, exactly',
      'x86_64',
      { rax: 'fedcba9876543210', rbx: '0xfedcba9876543211' },
      { rax: ['fault'] },
    ],
    ['that is both', 'x86_64', { rip: '0xfedcba9876543210' }, { rip: ['pc', 'fault'] }],
    ['unless its name is of an object', 'arm', { constructor: '0x1', __proto__: null }, {}],
  ])('%s', (_, arch, registers, expected) => {
    expect(Object.fromEntries(markRegisters(registers, arch, fault))).toEqual(expected);
  });

  it('not for a null-like fault address, which any register may hold', () => {
    const registers = { rax: '0x48', rbx: '0x0', rip: '0x1000' };
    expect([...markRegisters(registers, 'x86_64', { address: 0x48n, source: '' }).keys()]).toEqual(['rip']);
    expect([...markRegisters(registers, 'x86_64', { address: 0n, source: '' }).keys()]).toEqual(['rip']);
    expect([...markRegisters(registers, 'x86_64', { address: 4096n, source: '' }).keys()]).toEqual(['rip']);
    expect(markRegisters(registers, 'x86_64', { address: 4096n, source: '' }).get('rip')).toEqual(['pc', 'fault']);
  });
});

const registers = {
  rdi: '0x7fffdeadbeef1234',
  rip: '0x401136',
  rsp: '0x7ffe0000',
  rax: '0x0',
};
const crash = (part: object, more: [string, unknown][] = []): Event =>
  event(
    [
      [
        'exception',
        {
          values: [
            { type: 'SIGSEGV', stacktrace: stacktrace([frame({ function: 'main' }), frame()], { registers }), ...part },
          ],
        },
      ],
      ...more,
    ],
    { platform: 'native', contexts: { device: { arch: 'x86_64' } } },
  );
const list = async () => screen.findByLabelText('Registers', { selector: 'dl' });
const marksOf = async () =>
  within(await list())
    .getAllByRole('definition')
    .map((each) => [
      each.previousElementSibling?.textContent,
      ...[...each.querySelectorAll('[data-kind]')].map((mark) => mark.getAttribute('title')),
    ]);

it('says in words which registers tell where the process was, and which hold the address that failed', async () => {
  show(crash({ value: 'EXCEPTION_ACCESS_VIOLATION_READ / 0x7fffdeadbeef1234' }));
  expect(await marksOf()).toEqual([
    ['rax'],
    ['rdi', 'equals the fault address'],
    ['rsp', 'stack pointer'],
    ['rip', 'program counter'],
  ]);
  const legend = screen.getByRole('list', { name: 'Marked registers' });
  expect(
    within(legend)
      .getAllByRole('listitem')
      .map((each) => each.lastChild?.textContent),
  ).toEqual(['program counter: rip', 'stack pointer: rsp', 'equals the fault address: rdi']);
  expect(screen.getByText(/^Fault address/)).toHaveTextContent('Fault address 0x7fffdeadbeef1234');
  expect(screen.getByText('0x7fffdeadbeef1234', { selector: 'p code' })).toHaveAttribute(
    'title',
    `${0x7fffdeadbeef1234n} in decimal; from exception.value`,
  );
});

it('blames no register that is 0 for a null pointer, and says so', async () => {
  show(crash({ value: 'EXCEPTION_ACCESS_VIOLATION_READ / 0x0' }));
  expect((await marksOf())[0]).toEqual(['rax']);
  expect(screen.getByText(/^Fault address/)).toHaveTextContent('It is within the first page: a null pointer');
});

it('says that the process tried to run what is at the fault address', async () => {
  show(crash({ mechanism: { type: 'x', meta: { signal: { name: 'SIGSEGV', address: '0x401136' } } } }));
  expect(screen.queryByText(/first page/)).toBeNull();
  expect(await screen.findByText(/It is the program counter: the process tried to run/)).toBeVisible();
});

it('knows no fault address of a thread that did not crash, whose registers are its own', async () => {
  const other = { id: 2, stacktrace: stacktrace([frame()], { registers: { rdi: '0x7fffdeadbeef1234', rip: '0x5' } }) };
  const own = { id: 1, crashed: true, stacktrace: stacktrace([frame()], { registers }) };
  show(
    crash({ value: 'SIGSEGV / SEGV_MAPERR / 0x7fffdeadbeef1234', threadId: 1, stacktrace: null }, [
      ['threads', { values: [other, own] }],
    ]),
  );
  expect(await screen.findByText(/^Fault address/)).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Next thread' }));
  expect(await marksOf()).toEqual([['rdi'], ['rip', 'program counter']]);
  expect(screen.queryByText(/^Fault address/)).toBeNull();
});

it('shows a register that was taken out as such, and marks what it is for', async () => {
  const shown = crash({ value: 'x' });
  shown._meta = {
    entries: {
      0: { data: { values: { 0: { stacktrace: { registers: { rip: { '': { rem: [['@ip', 'x']] } } } } } } } },
    },
  };
  const entry = shown.entries[0]?.data as { values: { stacktrace: { registers: Record<string, unknown> } }[] };
  const [value] = entry.values;
  if (value) value.stacktrace.registers = { rip: null, rax: '0x1' };
  show(shown);
  expect(await marksOf()).toEqual([['rax'], ['rip', 'program counter']]);
  expect(within(await list()).getByText('<redacted>')).toBeVisible();
});
