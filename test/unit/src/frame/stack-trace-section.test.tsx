import { screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { answerLinks, event, exceptionEvent, frame, serveLinks, show, stacktrace } from './make-event.tsx';

const server = serveLinks();
const rows = () =>
  screen.queryAllByRole('listitem').filter((item) => item.parentElement?.getAttribute('aria-label') === 'Frames');
const titles = () => rows().map((row) => row.textContent);
const withSource = (line: number, text = 'boom()') => frame({ lineNo: line, context: [[line, text]] });

it('opens the newest app frame, marks the line that ran, and keeps the others closed', () => {
  show(
    exceptionEvent([
      withSource(1),
      frame({
        lineNo: 2,
        context: [
          [1, 'a'],
          [2, 'b'],
          [3, 'c'],
        ],
      }),
      frame({ inApp: false, context: [[9, 'z']] }),
    ]),
  );
  expect(screen.getByRole('listitem', { current: true })).toHaveTextContent('2b');
  expect(screen.getAllByRole('button', { name: 'Toggle Context', expanded: true })).toHaveLength(1);
});

it('shows a line once for each line sent, whatever they end in', () => {
  show(
    exceptionEvent([
      frame({
        lineNo: 2,
        context: [
          [1, 'a\n'],
          [2, 'b\r\n'],
          [3, 'c\n'],
        ],
      }),
    ]),
  );
  expect(
    within(screen.getByRole('list', { name: 'Source' }))
      .getAllByRole('listitem')
      .map((line) => line.textContent),
  ).toEqual(['1a', '2b', '3c']);
});

it('opens and closes a frame by its button and by a click on its row, and keeps what is in it', async () => {
  show(exceptionEvent([withSource(1)]));
  const toggle = screen.getByRole('button', { name: 'Toggle Context' });
  await userEvent.click(toggle);
  expect(screen.getByText('boom')).not.toBeVisible();
  await userEvent.click(screen.getByText('app/a.py'));
  expect(screen.getByText('boom')).toBeVisible();
});

it('does not close a frame in which text is selected', async () => {
  show(exceptionEvent([withSource(1)]));
  window.getSelection()?.selectAllChildren(screen.getByText('app/a.py'));
  screen.getByText('app/a.py').click();
  expect(screen.getByRole('button', { name: 'Toggle Context' })).toHaveAttribute('aria-expanded', 'true');
  window.getSelection()?.removeAllRanges();
});

it('says of the only frame that there is no more about it, and of others nothing', () => {
  const bare = { filename: 'lib.py', inApp: false };
  const { unmount } = show(exceptionEvent([frame(bare)]));
  expect(screen.getByText('No additional details are available for this frame.')).toBeVisible();
  unmount();
  show(exceptionEvent([frame(bare), frame({ ...bare, lineNo: 2 })]));
  expect(screen.queryByText(/No additional details/)).toBeNull();
  expect(screen.queryByRole('button', { name: 'Toggle Context' })).toBeNull();
});

it('names the parts of a frame that are not known', () => {
  show(exceptionEvent([frame({ filename: null, function: null, lineNo: null })]));
  expect(titles()[0]).toContain('<unknown> in <unknown>');
});

it('hides library frames until they are asked for, in one run or all', async () => {
  const library = (line: number) => frame({ inApp: false, filename: 'lib.py', lineNo: line });
  show(exceptionEvent([library(1), library(2), frame({ lineNo: 3 }), frame({ lineNo: 4 }), frame({ lineNo: 5 })]));
  expect(rows()).toHaveLength(4);
  await userEvent.click(screen.getByRole('button', { name: 'Show 1 more frame' }));
  expect(rows()).toHaveLength(5);
  await userEvent.click(screen.getByRole('button', { name: 'Hide 1 more frame' }));
  expect(rows()).toHaveLength(4);
  await userEvent.click(screen.getByRole('radio', { name: 'Full' }));
  expect(rows()).toHaveLength(5);
});

it('counts repeats on the one row that is left', () => {
  show(exceptionEvent([frame(), frame(), frame()]));
  expect(rows()).toHaveLength(1);
  expect(screen.getByTitle('Frame repeated 2 times')).toHaveTextContent('2 repeats');
});

it('says which frames were left out by the SDK', () => {
  show(exceptionEvent([frame(), frame({ lineNo: 2 })], {}, { framesOmitted: [1, 40] }));
  expect(screen.getByText('Frames 1 until 40 were omitted and not available.')).toBeVisible();
});

const chain = () =>
  event([
    [
      'exception',
      {
        values: ['Root', 'Middle', 'Leaf'].map((type, index) => ({
          type,
          value: 'v',
          stacktrace: stacktrace([
            frame({ inApp: false, lineNo: 1 }),
            frame({ inApp: false, lineNo: 2 }),
            frame({ lineNo: 10 + index, context: [[10 + index, 'x']] }),
          ]),
        })),
      },
    ],
  ]);

it('orders chained exceptions as their frames, newest first until told otherwise, and remembers it', async () => {
  const { unmount } = show(chain());
  const types = () => screen.getAllByRole('heading', { level: 3 }).map((heading) => heading.textContent);
  expect(types()).toEqual(['Leaf', 'Middle', 'Root']);
  expect(screen.getAllByRole('button', { name: 'Toggle Context', expanded: true })).toHaveLength(1);
  expect(screen.getAllByText('Led to').map((hint) => hint.textContent)).toEqual(['Led to Leaf', 'Led to Middle']);
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Order of frames' }), 'oldest');
  expect(types()).toEqual(['Root', 'Middle', 'Leaf']);
  expect(titles()[0]).toContain(':2');
  unmount();
  show(chain());
  expect(types()).toEqual(['Root', 'Middle', 'Leaf']);
});

it('shows all stack traces of a chain in full at once', async () => {
  show(chain());
  expect(rows()).toHaveLength(6);
  await userEvent.click(screen.getByRole('radio', { name: 'Full' }));
  expect(rows()).toHaveLength(9);
});

it('shows the stack trace as text, and has it to copy', async () => {
  const user = userEvent.setup();
  show(exceptionEvent([withSource(7)]));
  await user.click(screen.getByRole('radio', { name: 'Raw' }));
  const raw = 'Traceback (most recent call last):\n  File "app/a.py", line 7, in f\n    boom()\nValueError: no';
  expect((await screen.findByText(/^Traceback/)).textContent).toBe(raw);
  await user.click(screen.getByRole('button', { name: 'Copy raw stack trace' }));
  expect(await navigator.clipboard.readText()).toBe(raw);
});

it('has only the full version where all frames are the same kind', () => {
  show(exceptionEvent([frame({ inApp: false }), frame({ inApp: false, lineNo: 2 })]));
  expect(screen.getByRole('radio', { name: 'Relevant' })).toBeDisabled();
  expect(screen.getByRole('radio', { name: 'Full' })).toBeChecked();
  expect(rows()).toHaveLength(2);
});

it('shows what was sent before source maps were applied, part by part', async () => {
  const values = [
    {
      type: 'Error',
      value: 'v',
      rawType: 'e',
      stacktrace: stacktrace([frame({ filename: 'src/a.ts' })]),
      rawStacktrace: stacktrace([frame({ filename: 'a.min.js' })]),
    },
  ];
  show(event([['exception', { values }]], { platform: 'javascript' }));
  await userEvent.click(screen.getByRole('checkbox', { name: 'Minified', hidden: true }));
  expect(titles()[0]).toContain('a.min.js');
  expect(screen.getByRole('heading', { name: 'e' })).toBeVisible();
  expect(screen.getByText('v')).toBeVisible();
});

it('shows registers in the newest frame alone, exact, in their order, and as decimals when asked', async () => {
  const registers = { rip: '0xffffffffffffffff', rax: '0x0a', r10: null };
  const native = (line: number) => frame({ lineNo: line, instructionAddr: `0x${line}` });
  show(
    exceptionEvent(
      [native(1), native(2)],
      { platform: 'native', contexts: { device: { arch: 'x86_64' } } },
      { registers },
    ),
  );
  const [, other] = screen.getAllByRole('button', { name: 'Toggle Context' });
  await userEvent.click(other as HTMLElement);
  expect(
    within(await screen.findByLabelText('Registers'))
      .getAllByRole('term')
      .map(({ textContent }) => textContent),
  ).toEqual(['rax', 'rip']);
  expect(screen.getByText('0xffffffffffffffff')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Toggle register value format of rip: hex' }));
  expect(screen.getByText('18446744073709551615')).toBeVisible();
  expect(screen.getByText('0x000000000000000a')).toBeVisible();
});

it('shows the assembly of a .NET frame', async () => {
  show(
    exceptionEvent([frame({ package: 'App, Version=1.2.0.0, Culture=neutral, PublicKeyToken=null' })], {
      platform: 'csharp',
    }),
  );
  expect(
    within(await screen.findByLabelText('Origin of the code'))
      .getAllByRole('definition')
      .map(({ textContent }) => textContent),
  ).toEqual(['App', '1.2.0.0', '-', '-']);
  expect(titles()[0]).not.toContain('within');
});

it('holds everything else that was sent with a frame, folded', async () => {
  const lock = { address: '0x0d3a2f0a', type: 8 };
  show(exceptionEvent([frame({ absPath: '/srv/app/a.py', symbolAddr: '0x1', lock, package: null })]));
  await userEvent.click(screen.getByText('3 more fields'));
  const fields = within(screen.getByLabelText('Fields of the frame'));
  expect(fields.getAllByRole('term').map(({ textContent }) => textContent)).toEqual(['absPath', 'symbolAddr', 'lock']);
  expect(fields.getByText('"/srv/app/a.py"')).toBeVisible();
});

it('opens a frame of which nothing but its fields came, and those alone that its title does not tell', async () => {
  const told = { filename: 'a.min.js', absPath: 'a.min.js', data: {} };
  show(
    exceptionEvent([frame({ ...told, lineNo: 0, colNo: 0, native: false }), frame({ ...told, inApp: false })], {
      platform: 'javascript',
    }),
  );
  await userEvent.click(screen.getByText('3 more fields'));
  const fields = within(screen.getByLabelText('Fields of the frame'));
  expect(fields.getAllByRole('term').map(({ textContent }) => textContent)).toEqual(['lineNo', 'colNo', 'native']);
});

it('tells the errors of a frame', () => {
  show(exceptionEvent([frame({ errors: [{ type: 'js_no_source' }] })]));
  expect(within(screen.getByRole('list', { name: 'Errors of this frame' })).getByRole('listitem')).toHaveTextContent(
    'js no source',
  );
});

it('says in words and marks which lines tests cover, with a legend', async () => {
  answerLinks(() => ({
    codecov: {
      status: 200,
      lineCoverage: [
        [1, 0],
        [2, 1],
        [3, 2],
      ],
    },
  }));
  const release = { version: 'shop@1' };
  show(
    exceptionEvent(
      [
        frame({
          lineNo: 2,
          context: [
            [1, 'a'],
            [2, 'b'],
            [3, 'c'],
            [4, 'd'],
          ],
        }),
      ],
      { release },
    ),
  );
  const legend = await screen.findByRole('list', { name: 'Line coverage' });
  expect(
    within(legend)
      .getAllByRole('listitem')
      .map(({ textContent }) => textContent),
  ).toEqual(['Line covered by tests', 'Line uncovered by tests', 'Line partially covered by tests']);
  expect(
    within(screen.getByRole('list', { name: 'Source' }))
      .getAllByRole('listitem')
      .map(({ textContent }) => textContent),
  ).toEqual([
    '1, Line covered by tests: a',
    '2, Line uncovered by tests: b',
    '3, Line partially covered by tests: c',
    '4d',
  ]);
  await userEvent.hover(screen.getByText('1'));
  expect(await screen.findByRole('tooltip', { hidden: true })).toHaveTextContent('Line covered by tests');
  expect(server.requests.map(({ pathname, search }) => pathname + search)).toEqual([
    '/api/0/projects/stackmend/shop/stacktrace-link/?file=app%2Fa.py&lineNo=2&platform=python&release=shop%401',
  ]);
});

it('says why a coverage report does not apply, and which files come near', async () => {
  answerLinks(() => ({ codecov: { status: 400, reason: 'two_files_match', candidates: ['x/a.py', 'y/a.py'] } }));
  show(exceptionEvent([withSource(1)]));
  expect(await screen.findByText(/Two files of the coverage report match/)).toBeVisible();
  expect(screen.getByText('y/a.py')).toBeVisible();
});

it('asks for the coverage of a frame when it is opened, once', async () => {
  show(exceptionEvent([frame({ filename: 'b.py', lineNo: 3, context: [[3, 'first()']] }), withSource(1)]));
  expect(server.requests.map(({ searchParams }) => searchParams.get('file'))).toEqual(['app/a.py']);
  const [toggle] = screen.getAllByRole('button', { name: 'Toggle Context', expanded: false });
  if (toggle) for (let time = 0; time < 3; time++) await userEvent.click(toggle);
  expect(server.requests.map(({ searchParams }) => searchParams.get('file'))).toEqual(['app/a.py', 'b.py']);
});

it('tells how the exception was caught, what the system said, and leaves its address unlinked', () => {
  const mechanism = {
    type: 'signalhandler',
    handled: false,
    help_link: 'javascript:alert(1)',
    meta: { signal: { number: 11, name: 'SIGSEGV', code_name: 'SEGV_MAPERR' } },
    data: { relevant_address: '0x0' },
  };
  show(event([['exception', { values: [{ type: 'E', value: ' two\n  lines', mechanism }] }]]));
  const pills = within(screen.getByLabelText('Mechanism'));
  expect(pills.getAllByRole('definition').map(({ textContent }) => textContent)).toEqual([
    'signalhandler',
    'false',
    'SIGSEGV (11, SEGV_MAPERR)',
    '"0x0"',
  ]);
  expect(screen.getByText('javascript:alert(1)').closest('a')).toBeNull();
  expect(
    screen.getByText((_, element) => element?.textContent === ' two\n  lines' && element.children.length === 0),
  ).toBeVisible();
  expect(screen.getByText('No stack trace was sent with this exception.')).toBeVisible();
});

const threads = [
  { id: 1, name: 'idle', state: 'WAITING' },
  { id: 2, name: 'busy', stacktrace: stacktrace([frame({ filename: 'busy.c' })]) },
  { id: 3, name: 'main', crashed: true, current: true },
];

it('starts with the crashed thread and its exception, and goes round the others', async () => {
  const values = [
    { type: 'SIGSEGV', value: 'v', threadId: 3, stacktrace: stacktrace([frame({ filename: 'crash.c' })]) },
  ];
  show(
    event(
      [
        ['exception', { values }],
        ['threads', { values: threads }],
      ],
      { platform: 'native' },
    ),
  );
  const thread = screen.getByRole('combobox', { name: 'Thread' });
  expect(thread).toHaveDisplayValue('main #3 (crashed)');
  expect(titles()[0]).toContain('crash.c');
  await userEvent.click(screen.getByRole('button', { name: 'Next thread' }));
  expect(thread).toHaveDisplayValue('idle #1 (no stack trace)');
  expect(screen.getByText('This thread sent no stack trace.')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Previous thread' }));
  await userEvent.click(screen.getByRole('button', { name: 'Previous thread' }));
  expect(titles()[0]).toContain('busy.c');
});

it('says that a crashed thread sent nothing', () => {
  show(event([['threads', { values: threads }]]));
  expect(screen.getByText('Thread errored, and sent no stack trace.')).toBeVisible();
});

it('shows the one thread below an exception that has no stack trace of its own', () => {
  show(
    event([
      ['exception', { values: [{ type: 'E', value: 'v' }] }],
      ['threads', { values: [threads[1]] }],
    ]),
  );
  expect(screen.getByRole('heading', { name: 'E' })).toBeVisible();
  expect(titles()[0]).toContain('busy.c');
  expect(screen.queryByRole('combobox', { name: 'Thread' })).toBeNull();
});

it('shows the stack trace of a message, and an empty one as such', () => {
  const { unmount } = show(event([['stacktrace', stacktrace([frame()])]], { type: 'default' }));
  expect(titles()[0]).toContain('app/a.py');
  unmount();
  show(event([['stacktrace', stacktrace([])]]));
  expect(screen.getByText('No stack trace was sent with this.')).toBeVisible();
});

it('names an entry that it cannot read, and shows the others', () => {
  show(
    event([
      ['exception', { values: [{ stacktrace: { frames: 'x' } }] }],
      ['stacktrace', stacktrace([frame()])],
    ]),
  );
  expect(screen.getByRole('alert')).toHaveTextContent('The exception of this event could not be read');
  expect(titles()[0]).toContain('app/a.py');
});

it('draws nothing for an event without any', () => {
  expect(show(event([['breadcrumbs', { values: [] }]])).container).toBeEmptyDOMElement();
});

it('marks what scrubbing took out of variables and messages, and says by which rule', async () => {
  const _meta = {
    entries: {
      0: {
        data: {
          values: {
            0: {
              value: { '': { rem: [['@creditcard', 's', 5, 9]] } },
              stacktrace: {
                frames: {
                  0: { vars: { a: { '': { rem: [['project:2', 'x']] } }, b: { '': { rem: [['@password', 'x']] } } } },
                },
              },
            },
          },
        },
      },
    },
  };
  const values = [
    { type: 'E', value: 'card **** refused', stacktrace: stacktrace([frame({ vars: { a: '', b: null, c: '1' } })]) },
  ];
  show(event([['exception', { values }]], { _meta }));
  expect(screen.getAllByRole('row').map(({ textContent }) => textContent)).toEqual([
    'a<redacted>',
    'b<redacted>',
    'c1',
  ]);
  const [, redacted] = screen.getAllByText('<redacted>');
  if (redacted) await userEvent.hover(redacted);
  expect(await screen.findByRole('tooltip', { hidden: true })).toHaveTextContent(
    'Removed because of the data scrubbing rule @password.',
  );
  expect(screen.getByText('****')).toHaveAttribute('tabindex', '0');
});

it('shows every hostile text as text', async () => {
  const evil = '<img src=x onerror="alert(1)"><script>alert(1)</script>';
  const everywhere = frame({
    filename: evil,
    function: evil,
    module: evil,
    package: evil,
    absPath: evil,
    lineNo: 1,
    context: [[1, evil]],
    vars: { [evil]: evil, nested: { [evil]: [evil] }, constructor: 'c', ['__proto__']: 'p' },
    errors: [evil],
    instructionAddr: evil,
  });
  const mechanism = {
    type: evil,
    description: evil,
    help_link: evil,
    meta: { signal: { name: evil } },
    data: { [evil]: evil },
  };
  const values = [
    {
      type: evil,
      value: `\u001b[31m${evil}\u001b[0m\u202e`,
      module: evil,
      mechanism,
      stacktrace: stacktrace([everywhere], { registers: { [evil]: evil } }),
    },
  ];
  answerLinks(() => ({ codecov: { status: 400, reason: 'no_file_matches', detail: evil, candidates: [evil] } }));
  const { container } = show(
    event([
      ['exception', { values }],
      ['threads', { values: [{ id: evil, name: evil, state: evil }, { id: 2 }] }],
    ]),
  );
  expect(await screen.findAllByText(evil)).not.toHaveLength(0);
  for (const button of screen.queryAllByRole('button', { expanded: false })) await userEvent.click(button);
  for (const view of ['Full', 'Raw']) await userEvent.click(screen.getByRole('radio', { name: view }));
  await screen.findByRole('button', { name: 'Copy raw stack trace' });
  expect(container.querySelector('img, script, [onerror]')).toBeNull();
  expect(container.textContent).toContain('\\u202e');
  expect(container.textContent).not.toContain('\u202e');
});

it('keeps a cut line coloured and says how much is left, and marks what was scrubbed from another', () => {
  const context: [number, string][] = [
    [1, 'return 1...'],
    [2, 'key = "****"'],
  ];
  const notes = {
    0: { 1: { '': { rem: [['!limit', 's', 8, 11]], len: 900 } } },
    1: { 1: { '': { rem: [['@password', 's', 7, 11]] } } },
  };
  const _meta = { entries: { 0: { data: { values: { 0: { stacktrace: { frames: { 0: { context: notes } } } } } } } } };
  show(exceptionEvent([frame({ lineNo: 1, context })], { _meta }));
  expect(screen.getByText('first 11 of 900 characters')).toBeVisible();
  expect(screen.getByText('****')).toHaveAttribute('tabindex', '0');
});

it('shows a minified line around its column, and the rest when asked', async () => {
  const line = `${'a'.repeat(60_000)}BOOM${'b'.repeat(40_000)}`;
  show(
    exceptionEvent([frame({ filename: 'a.min.js', lineNo: 1, colNo: 60_001, context: [[1, line]] })], {
      platform: 'javascript',
    }),
  );
  const current = screen.getByRole('listitem', { current: true });
  expect(current.textContent).toContain('BOOM');
  expect(current.textContent?.length).toBeLessThan(500);
  const [cut] = screen.getAllByTitle('Show the whole line');
  if (cut) await userEvent.click(cut);
  expect(current.textContent).toBe(`1${line}`);
});
