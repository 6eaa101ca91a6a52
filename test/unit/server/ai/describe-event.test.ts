import { describe, expect, it, test } from 'vitest';
import { describeEventForAi } from '../../../../server/ai/describe-event.ts';
import type { DescribedFrame } from '../../../../server/ai/described-event.ts';
import type { StoredEvent, StoredException, StoredFrame } from '../../../../server/protocol/event.ts';
import { frame, frames, storedEvent } from './sample-event.ts';

const exception = (
  type: string,
  stack: StoredFrame[] | null,
  over: Partial<StoredException> = {},
): StoredException => ({
  type,
  value: `${type} happened`,
  stacktrace: stack ? { frames: stack } : null,
  ...over,
});
const eventOf = (values: StoredException[], over: Partial<StoredEvent> = {}) =>
  storedEvent({ exception: { values }, ...over });
const stackOf = (stack: StoredFrame[], over: Partial<StoredEvent> = {}): DescribedFrame[] =>
  describeEventForAi(eventOf([exception('E', stack)], over)).exceptions[0]?.stacktrace ?? [];

describe('describeEventForAi', () => {
  it("has Sentry's shape, newest frame first, with source in every frame", () => {
    expect(describeEventForAi(storedEvent({ release: '1.4', environment: 'production' }))).toEqual({
      language: 'python',
      level: 'error',
      release: '1.4',
      environment: 'production',
      exceptions: [
        {
          num: 1,
          type: 'ValueError',
          message: 'amount must be positive',
          stacktrace: [
            {
              func: 'charge',
              file: 'app/billing.py',
              line: 41,
              in_app: true,
              crash: 'here',
              code_before: ['def charge(order, amount):', '    if amount <= 0:'],
              code: '        raise ValueError("amount must be positive")',
              code_after: ['', '    gateway.capture(order.id, amount)'],
              vars: { amount: -12, order: { id: 981 }, gateway: '<Gateway>', unrelated: 'x' },
            },
            {
              func: 'pay',
              module: 'app.billing',
              file: 'app/api.py',
              line: 18,
              in_app: true,
              code: '    charge(order, refund)',
            },
          ],
        },
      ],
    });
  });

  it('says nothing twice, and nothing that says nothing', () => {
    const code = {
      filename: 'app/worker.py',
      lineno: 7,
      context_line: '    call(load)',
      abs_path: '/srv/app/worker.py',
    };
    const inner = frame({
      ...code,
      function: 'inner',
      module: 'app.worker',
      vars: { entry: 'a', load: '<function load at 0x7f0774>' },
    });
    const outer = frame({
      ...code,
      function: 'outer',
      module: '__main__',
      vars: { entry: 'a', os: "<module 'os'>", own: '<W object at 0x7f0774aa>' },
    });
    const library = frame({
      filename: 'run.py',
      in_app: false,
      pre_context: ['a'],
      context_line: 'b',
      post_context: ['c'],
    });
    const event = storedEvent({
      exception: { values: [{ type: 'E', value: 'v', stacktrace: { frames: [library, outer, inner] } }] },
      breadcrumbs: {
        values: [
          {
            timestamp: 4_000_000_000,
            category: 'console',
            message: 'a b',
            data: { arguments: ['a', 'b'], logger: 'console' },
          },
        ],
      },
    });
    const { exceptions, breadcrumbs, left_out } = describeEventForAi(event);
    const [newest, older, oldest] = exceptions[0]?.stacktrace ?? [];
    // The line that ran names it.
    expect(newest).toMatchObject({ code: '    call(load)', vars: { load: expect.any(String), entry: 'a' } });
    expect(newest).not.toHaveProperty('module');
    expect(older).toMatchObject({ func: 'outer', module: '__main__' });
    expect(older).not.toHaveProperty('code');
    expect(older?.vars ?? {}).not.toHaveProperty('os');
    expect(older?.vars ?? {}).not.toHaveProperty('entry');
    expect(oldest).toMatchObject({ code: 'b' });
    expect(oldest).not.toHaveProperty('code_before');
    expect(left_out).toMatchObject({ 'library source line': 2 });
    expect(breadcrumbs).toEqual([{ category: 'console', message: 'a b' }]);
  });

  describe('the crash mark', () => {
    it('is on the newest in-app frame, not on the library that raised', () => {
      const stack = stackOf([...frames(2, 'app', true), ...frames(2, 'lib', false)]);
      expect(stack.filter(({ crash }) => crash).map(({ func }) => func)).toEqual(['app1']);
    });

    it('is on the newest frame where none is in-app', () => {
      const stack = stackOf(frames(3, 'lib', false));
      expect(stack.findIndex(({ crash }) => crash)).toBe(0);
    });

    it('is on one exception alone, the newest with frames', () => {
      const { exceptions } = describeEventForAi(
        eventOf([exception('Old', [frame()]), exception('Middle', [frame()]), exception('New', null)]),
      );
      const marks = exceptions.map(({ type, stacktrace = [] }) => [type, stacktrace.some(({ crash }) => crash)]);
      expect(marks).toEqual([
        ['New', false],
        ['Middle', true],
        ['Old', false],
      ]);
    });
  });

  describe('the chain', () => {
    it('keeps the newest three and counts the rest', () => {
      const described = describeEventForAi(eventOf(['1', '2', '3', '4', '5'].map((type) => exception(type, null))));
      expect(described.exceptions.map(({ num, type }) => [num, type])).toEqual([
        [1, '5'],
        [2, '4'],
        [3, '3'],
      ]);
      expect(described.left_out).toEqual({ 'older exception': 2 });
    });

    it('says which was raised while handling the one before it', () => {
      const { exceptions } = describeEventForAi(eventOf([exception('Cause', null), exception('Raised', null)]));
      expect(exceptions.map((one) => one.raised_during_handling_of_previous_exception)).toEqual([true, undefined]);
    });

    it('tells the members of a group from a chain', () => {
      const member = (id: number) => ({
        type: 'chained',
        exception_id: id,
        parent_id: 0,
        source: `exceptions[${id - 1}]`,
      });
      const { exceptions } = describeEventForAi(
        eventOf([
          exception('TypeError', null, { mechanism: member(2) }),
          exception('KeyError', null, { mechanism: member(1) }),
          exception('ExceptionGroup', null, {
            mechanism: { type: 'generic', exception_id: 0, is_exception_group: true },
          }),
        ]),
      );
      expect(exceptions.map(({ type, member_of_group }) => [type, member_of_group])).toEqual([
        ['ExceptionGroup', undefined],
        ['KeyError', 1],
        ['TypeError', 1],
      ]);
      expect(exceptions.some((one) => one.raised_during_handling_of_previous_exception)).toBe(false);
    });

    it('says what the mechanism knows', () => {
      const mechanism = { type: 'signalhandler', handled: false, meta: { signal: { number: 11, name: 'SIGSEGV' } } };
      const { exceptions } = describeEventForAi(eventOf([exception('SIGSEGV', null, { mechanism })]));
      expect(exceptions[0]).toMatchObject({
        unhandled: true,
        exception_info: { signal: { number: 11, name: 'SIGSEGV' } },
      });
    });
  });

  describe('the trim', () => {
    // Sentry keeps 34, 14, 15, 14, 14 of the first five.
    test.each([
      [14, 20, 15, 14],
      [0, 30, 15, 0],
      [3, 20, 15, 3],
      [16, 20, 15, 15],
      [20, 0, 15, 15],
      [10, 5, 15, 10],
      [1, 0, 1, 1],
      [0, 16, 15, 0],
      [200, 200, 15, 15],
    ])("of %i app and %i system frames keeps %i, %i of them the app's", (app, system, kept, keptApp) => {
      const stack = stackOf([...frames(system, 'lib', false), ...frames(app, 'app', true)]);
      expect(stack.length).toBe(kept);
      expect(stack.filter(({ in_app }) => in_app).length).toBe(keptApp);
    });

    it('keeps order, both ends, and the newest frame though it is a library', () => {
      const stack = stackOf([...frames(30, 'app', true), ...frames(5, 'lib', false)]).map(({ func }) => func);
      expect(stack.slice(0, 3)).toEqual(['lib4', 'app29', 'app28']);
      expect(stack.at(-1)).toBe('app0');
      expect(stack.length).toBe(15);
    });

    it('counts what it left out', () => {
      const stack = [...frames(20, 'app', true), ...frames(9, 'lib', false)];
      const { left_out } = describeEventForAi(eventOf([exception('E', stack)]));
      expect(left_out).toEqual({ 'app frame': 6, 'library frame': 8 });
    });
  });

  describe('minified source', () => {
    const minified = `{snip} ${'a.b(c),'.repeat(200)}`;
    it('is shown where it ran, in the crash frame alone', () => {
      const line = `${'x'.repeat(2000)}n.amount.toFixed(2)${'y'.repeat(2000)}`;
      const stack = stackOf([
        frame({ context_line: minified, pre_context: ['license'] }),
        frame({ context_line: line, colno: 2001, pre_context: ['license'] }),
      ]);
      expect(stack[0]?.code).toContain('n.amount.toFixed(2)');
      expect(stack[0]?.code?.length).toBeLessThan(310);
      expect(stack[0]).not.toHaveProperty('code_before');
      expect(stack[1]).not.toHaveProperty('code');
    });
  });

  describe('variables', () => {
    it('of other in-app frames are those that the source names; those of libraries are left out', () => {
      const vars = { order: 1, session: 2 };
      const stack = stackOf([
        frame({ context_line: 'charge(order)', vars }),
        frame({ in_app: false, context_line: 'call(order)', vars }),
        frame(),
      ]);
      expect(stack[1]).not.toHaveProperty('vars');
      expect(stack[2]?.vars).toEqual({ order: 1 });
    });

    it('of a frame without source all count, in bounds', () => {
      const vars = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`name${index}`, 'v'.repeat(5000)]));
      const { exceptions, left_out } = describeEventForAi(eventOf([exception('E', [frame({ vars })])]));
      const shown = exceptions[0]?.stacktrace?.[0]?.vars ?? {};
      expect(JSON.stringify(shown).length).toBeLessThan(11_000);
      expect(Object.keys(shown).length + (left_out?.['variable'] ?? 0)).toBe(500);
    });

    it('are cut in depth and breadth', () => {
      const deep = { a: { b: { c: { d: { e: 1 } } } }, list: Array.from({ length: 50 }, (_, index) => index) };
      expect(stackOf([frame({ vars: { deep } })])[0]?.vars?.['deep']).toEqual({
        a: { b: { c: '{1 keys}' } },
        list: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, '40 more'],
      });
    });

    it('may be named like a prototype', () => {
      const vars = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2}');
      const [described] = stackOf([frame({ context_line: 'x = __proto__ + constructor', vars })]);
      expect(Object.keys(described?.vars ?? {}).sort()).toEqual(['__proto__', 'constructor']);
      expect(({} as { polluted?: number }).polluted).toBeUndefined();
    });

    it('of PHP keep their dollar', () => {
      const [described] = stackOf([frame(), frame({ context_line: 'f($order);', vars: { $order: 1, other: 2 } })]);
      expect(Object.keys(described?.vars ?? {})[0]).toBe('$order');
    });
  });

  it('has the method and path of the request, and nothing else of it', () => {
    const request = {
      method: 'POST',
      url: 'https://ann:pw@shop.example/orders/7/refund?token=1#x',
      query_string: [['token', 'secret-query']] as [string, string][],
      headers: [['Cookie', 'secret-cookie']] as [string, string][],
      cookies: [['sid', 'secret-sid']] as [string, string][],
      data: 'secret-body',
    };
    const described = describeEventForAi(storedEvent({ request }));
    expect(described.request).toEqual({ method: 'POST', path: '/orders/7/refund' });
    expect(JSON.stringify(described)).not.toMatch(/secret-|shop\.example/);
  });

  it('has the last thirty breadcrumbs, by how long before', () => {
    const values = Array.from({ length: 45 }, (_, index) => ({
      timestamp: 1_700_000_000 - (45 - index),
      category: 'query',
      message: `SELECT ${index}`,
      level: index === 44 ? 'error' : 'info',
    }));
    const { breadcrumbs, left_out } = describeEventForAi(storedEvent({ breadcrumbs: { values } }));
    expect(breadcrumbs?.length).toBe(30);
    expect(breadcrumbs?.at(-1)).toEqual({ seconds_before: 1, category: 'query', level: 'error', message: 'SELECT 44' });
    expect(left_out).toEqual({ 'older breadcrumb': 15 });
  });

  describe('without an exception', () => {
    it('has the message, formatted', () => {
      const event = storedEvent({ exception: null, logentry: { message: 'Lost %s', formatted: 'Lost 3' } });
      expect(describeEventForAi(event)).toMatchObject({ message: 'Lost 3', exceptions: [] });
    });

    it.each([
      ['that crashed', { crashed: true }, { current: true }],
      ['that was current', { current: true }, {}],
      ['that alone has frames', {}, {}],
    ])('has the thread %s', (_, marks, others) => {
      const withFrames = { stacktrace: { frames: [frame({ function: 'wanted' })] } };
      const rest = 'crashed' in marks || 'current' in marks ? [{ ...others, ...withFrames }] : [{ stacktrace: null }];
      const stack = { stacktrace: { frames: [frame({ function: 'wanted' })] } };
      const event = storedEvent({
        exception: null,
        threads: { values: [...rest, { name: 'worker', ...marks, ...stack }] },
      });
      const { threads } = describeEventForAi(event);
      expect(threads).toMatchObject([{ name: 'worker', stacktrace: [{ func: 'wanted', crash: 'here' }] }]);
    });

    it('has the trace at the top', () => {
      const event = storedEvent({ exception: null, stacktrace: { frames: frames(40, 'lib', false) } });
      expect(describeEventForAi(event).threads?.[0]?.stacktrace.length).toBe(15);
    });
  });

  it('has assemblies and addresses where functions are not known', () => {
    const native = frame({ function: null, filename: null, module: null, lineno: null, package: '/lib/libart.so' });
    const stack = stackOf([{ ...native, instruction_addr: '0x7f00', in_app: false }]);
    expect(stack).toEqual([{ package: '/lib/libart.so', address: '0x7f00', crash: 'here' }]);
  });

  it('says no language where the platform is other', () => {
    expect(describeEventForAi(storedEvent({ platform: 'other' }))).not.toHaveProperty('language');
  });

  it.each<[string, Partial<StoredEvent>]>([
    ['nothing', { exception: undefined }],
    ['null', { exception: null, threads: null, stacktrace: null, breadcrumbs: null, request: null, contexts: null }],
    ['no values', { exception: { values: [] }, threads: { values: [] }, breadcrumbs: { values: [] } }],
    ['an empty exception', { exception: { values: [{}] } }],
    ['null frames', { exception: { values: [{ stacktrace: { frames: null } }] } }],
    ['an empty frame', { exception: { values: [{ stacktrace: { frames: [{}] } }] } }],
    [
      'null lines',
      {
        exception: {
          values: [
            {
              stacktrace: {
                frames: [frame({ pre_context: [null], context_line: 'x', post_context: [null], vars: null })],
              },
            },
          ],
        },
      },
    ],
  ])('does not fail on %s', (_, over) => {
    expect(describeEventForAi(storedEvent(over)).exceptions).toBeInstanceOf(Array);
  });
});
