import type { StoredEvent, StoredFrame } from '../../../../server/protocol/event.ts';

export const frame = (over: Partial<StoredFrame> = {}): StoredFrame => ({
  function: 'charge',
  module: 'app.billing',
  filename: 'app/billing.py',
  lineno: 41,
  in_app: true,
  ...over,
});

/** `count` frames that can be told apart, oldest first as they are stored. */
export const frames = (count: number, name: string, inApp: boolean): StoredFrame[] =>
  Array.from({ length: count }, (_, index) => frame({ function: `${name}${index}`, in_app: inApp }));

export const storedEvent = (over: Partial<StoredEvent> = {}): StoredEvent => ({
  event_id: 'a'.repeat(32),
  project: '2',
  type: 'error',
  platform: 'python',
  level: 'error',
  timestamp: 1_700_000_000,
  received: 1_700_000_001,
  tags: [],
  title: 'ValueError: amount must be positive',
  culprit: 'charge in app/billing.py',
  location: 'app/billing.py',
  metadata: {},
  hashes: ['b'.repeat(32)],
  grouping_config: { id: 'v1' },
  exception: {
    values: [
      {
        type: 'ValueError',
        value: 'amount must be positive',
        stacktrace: {
          frames: [
            frame({ function: 'pay', filename: 'app/api.py', lineno: 18, context_line: '    charge(order, refund)' }),
            frame({
              pre_context: ['def charge(order, amount):', '    if amount <= 0:'],
              context_line: '        raise ValueError("amount must be positive")',
              post_context: ['', '    gateway.capture(order.id, amount)'],
              vars: { amount: -12, order: { id: 981 }, unrelated: 'x', gateway: '<Gateway>' },
            }),
          ],
        },
      },
    ],
  },
  ...over,
});
