import { screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, it, test } from 'vitest';
import type { Frame } from '../../../../server/protocol/contract.ts';
import { imagesOf, isInlined, nativeAddress } from '../../../../src/frame/native-address.ts';
import { event, exceptionEvent, frame, serveLinks, show, stacktrace } from './make-event.tsx';

serveLinks();

const images = [
  { image_addr: '0x5000', image_size: 0x1000, code_file: '/usr/lib/libc.so.6' },
  { image_addr: '0x1000', image_size: '4096', code_file: '/app/till', type: 'elf' },
  { image_addr: 'nowhere', image_size: -1, code_file: '/odd' },
];
const withImages = event([['debugmeta', { images }]]);

test.each<[string, Partial<Frame>, object]>([
  [
    'in the image that holds it',
    { instructionAddr: '0x1ff0' },
    { absolute: '0x1ff0', relative: '+0xff0', image: '/app/till' },
  ],
  ['in none, past the end', { instructionAddr: '0x2000' }, { absolute: '0x2000', relative: null, image: null }],
  ['in none, before the first', { instructionAddr: '0x10' }, { absolute: '0x10', relative: null, image: null }],
  [
    'counted from the start of an image',
    { instructionAddr: '0x10', addrMode: 'rel:0' },
    { absolute: '0x5010', relative: '+0x10', image: '/usr/lib/libc.so.6' },
  ],
  [
    'counted from an image that says nothing',
    { instructionAddr: '0x10', addrMode: 'rel:2' },
    { absolute: null, relative: '+0x10', image: '/odd' },
  ],
  [
    'of a package that the frame names itself',
    { instructionAddr: '0x3010', package: '/lib/a.so', imageAddr: '0x3000' },
    { absolute: '0x3010', relative: '+0x10', image: '/lib/a.so' },
  ],
  [
    'of 64 bits, exact',
    { instructionAddr: '0xffffffffffffffff' },
    { absolute: '0xffffffffffffffff', relative: null, image: null },
  ],
  ['that is no number', { instructionAddr: 'main+4' }, { absolute: 'main+4', relative: null, image: null }],
])('finds an address %s', (_, part, address) => {
  expect(nativeAddress(frame(part), imagesOf(withImages))).toEqual(address);
});

test.each<[string, Partial<Frame>, Partial<Frame> | undefined, boolean]>([
  ['one address, another function', { instructionAddr: '0x1' }, { instructionAddr: '0x1', function: 'g' }, true],
  ['the same function: a repeat', { instructionAddr: '0x1' }, { instructionAddr: '0x1' }, false],
  ['another address', { instructionAddr: '0x1' }, { instructionAddr: '0x2', function: 'g' }, false],
  ['no address', {}, { function: 'g' }, false],
  [
    'one number in two images',
    { instructionAddr: '0x1', addrMode: 'rel:0' },
    { instructionAddr: '0x1', addrMode: 'rel:1', function: 'g' },
    false,
  ],
  ['no caller', { instructionAddr: '0x1' }, undefined, false],
  ['found so by the unwinder', { trust: 'inline' }, undefined, true],
])('tells inlined frames: %s', (_, part, caller, inlined) => {
  expect(isInlined(frame(part), caller && frame(caller))).toBe(inlined);
});

const native = () =>
  event(
    [
      [
        'exception',
        {
          values: [
            {
              type: 'SIGSEGV',
              value: 'v',
              stacktrace: stacktrace([
                frame({
                  filename: 'main.c',
                  absPath: '/build/src/main.c',
                  function: 'main',
                  instructionAddr: '0x1010',
                }),
                frame({
                  filename: 'till.c',
                  function: 'pay',
                  rawFunction: 'int pay(order const&)',
                  instructionAddr: '0x1010',
                }),
                frame({ filename: null, function: null, lineNo: null, instructionAddr: '0x5020', inApp: false }),
              ]),
            },
          ],
        },
      ],
      ['debugmeta', { images }],
    ],
    { platform: 'native' },
  );
const titles = () =>
  [...screen.getByRole('list', { name: 'Frames' }).children].map(
    (row) => row.querySelector('[id$="-title"]')?.textContent,
  );
const choice = (name: RegExp) => screen.getByRole('checkbox', { name, hidden: true });

it('shows image and address of each native frame, and which were inlined', () => {
  show(native());
  expect(titles().map((title) => title?.trim())).toEqual([
    '+0x20  within libc.so.6  The SDK gave no function name, only an address.',
    'till.c:1 in pay within till +0x10',
    'main.c:1 in main within till +0x10',
  ]);
  expect(screen.getByText('till.c').closest('li')).toHaveTextContent('inlined');
  expect(screen.getAllByText('inlined')).toHaveLength(1);
});

it('shows addresses in memory, whole paths and whole names when asked, and remembers it', async () => {
  const { unmount } = show(native());
  for (const name of [/^Absolute addresses/, /^Absolute file paths/, /^Verbose function names/])
    await userEvent.click(choice(name));
  const asked = [
    expect.stringMatching(/^0x5020 /),
    'till.c:1 in int pay(order const&) within till 0x1010',
    '/build/src/main.c:1 in main within till 0x1010',
  ];
  expect(titles().map((title) => title?.trim())).toEqual(asked);
  expect(screen.getByRole('button', { name: 'Options (3 on)' })).toBeVisible();
  unmount();
  show(native());
  expect(titles().map((title) => title?.trim())).toEqual(asked);
});

it('says of each option that would change nothing why not', async () => {
  show(native());
  expect(choice(/^Unsymbolicated/)).toBeDisabled();
  expect(choice(/^Unsymbolicated/).closest('label')).toHaveAttribute(
    'title',
    'No unsymbolicated version came with this event.',
  );
  expect(choice(/^Absolute addresses/)).toBeEnabled();
  await userEvent.click(screen.getByRole('radio', { name: 'Raw' }));
  expect(choice(/^Absolute addresses/)).toBeDisabled();
  expect(choice(/^Verbose function names/).closest('label')).toHaveAttribute('title', 'Not in the raw view.');
});

it.each([
  ['python', ['Absolute file paths']],
  ['javascript', ['Minified', 'Absolute file paths']],
  ['java', ['Unsymbolicated', 'Absolute file paths']],
  ['cocoa', ['Unsymbolicated', 'Absolute addresses', 'Absolute file paths', 'Verbose function names']],
])('has for %s the options %j', (platform, labels) => {
  show(exceptionEvent([frame({ absPath: '/a.py', instructionAddr: '0x1', rawFunction: 'f()' })], { platform }));
  expect(
    screen.getAllByRole('checkbox', { hidden: true }).map((box) => box.nextElementSibling?.firstChild?.textContent),
  ).toEqual(labels);
});

it('keeps the wish for minified frames over events that have none', async () => {
  const values = [{ type: 'E', value: 'v', rawValue: 'r', stacktrace: stacktrace([frame()]) }];
  const minified = () => event([['exception', { values }]], { platform: 'javascript' });
  const first = show(minified());
  await userEvent.click(choice(/^Minified/));
  expect(screen.getByText('r')).toBeVisible();
  first.unmount();
  const second = show(exceptionEvent([frame()], { platform: 'javascript' }));
  expect(choice(/^Minified/)).toBeDisabled();
  second.unmount();
  show(minified());
  expect(screen.getByText('r')).toBeVisible();
});
