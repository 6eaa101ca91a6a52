import type { Event, Frame, Issue, Project, ProjectKey } from '../../../../server/protocol/contract.ts';

/** Whole values of the API's shapes; a test names only what it is about. */
export const project = (change: Partial<Project> = {}): Project => ({
  id: '2',
  slug: 'checkout',
  name: 'Checkout',
  platform: 'python',
  firstEvent: '2026-11-20T08:00:00.000Z',
  ...change,
});

export const projectKey: ProjectKey = {
  id: 'a1',
  public: 'c0ffeec0ffeec0ffeec0ffeec0ffee00',
  projectId: 2,
  isActive: true,
  dsn: { public: 'http://c0ffeec0ffeec0ffeec0ffeec0ffee00@127.0.0.1:8765/2' },
};

export const issue = (change: Partial<Issue> = {}): Issue => ({
  id: '7',
  shortId: 'CHECKOUT-7',
  title: 'ValueError: amount must be positive',
  culprit: 'charge in app/billing.py',
  level: 'error',
  status: 'unresolved',
  substatus: 'ongoing',
  isBookmarked: false,
  isUnhandled: true,
  project: { id: '2', slug: 'checkout', name: 'Checkout' },
  type: 'error',
  metadata: { type: 'ValueError', value: 'amount must be positive', filename: 'app/billing.py', function: 'charge' },
  count: '1234',
  userCount: 87,
  firstSeen: '2026-11-08T08:00:00.000Z',
  lastSeen: new Date(Date.now() - 120_000).toISOString(),
  stats: { '24h': [[1_763_800_000, 3]], '30d': [[1_763_800_000, 30]] },
  ...change,
});

const frame = (change: Partial<Frame>): Frame => ({
  filename: 'app/billing.py',
  absPath: '/srv/app/billing.py',
  module: 'app.billing',
  function: 'charge',
  lineNo: 41,
  context: [
    [40, '    if amount <= 0:'],
    [41, '        raise ValueError("amount must be positive")'],
  ],
  vars: { amount: '-12' },
  inApp: true,
  ...change,
});

export const event = (change: Partial<Event> = {}): Event => ({
  id: '901',
  eventID: 'a3f9c1d2e4b5a6978877665544332211',
  projectID: '2',
  groupID: '7',
  title: 'ValueError: amount must be positive',
  culprit: 'charge in app/billing.py',
  platform: 'python',
  type: 'error',
  dateCreated: '2026-11-22T12:00:00.000Z',
  dateReceived: '2026-11-22T12:00:01.000Z',
  size: 2000,
  metadata: { type: 'ValueError', value: 'amount must be positive' },
  tags: [
    { key: 'environment', value: 'production' },
    { key: 'release', value: 'shop@1.4.0 beta' },
  ],
  user: { id: '17', email: 'ada@example.com' },
  contexts: { runtime: { type: 'runtime', name: 'CPython', version: '3.14' } },
  context: { cart: { items: 3 } },
  packages: { requests: '2.32' },
  sdk: { name: 'sentry.python', version: '2.50.0' },
  errors: [],
  entries: [
    {
      type: 'exception',
      data: {
        values: [
          {
            type: 'ValueError',
            value: 'amount must be positive',
            module: null,
            mechanism: { type: 'excepthook', handled: false },
            stacktrace: { frames: [frame({})], framesOmitted: null, hasSystemFrames: false, registers: null },
          },
        ],
        excOmitted: null,
        hasSystemFrames: false,
      },
    },
    {
      type: 'breadcrumbs',
      data: {
        values: [
          {
            timestamp: '2026-11-22T11:59:58.000Z',
            type: 'http',
            category: 'httplib',
            level: 'info',
            message: 'GET /cart',
            data: { status_code: 200 },
          },
          {
            timestamp: '2026-11-22T11:59:59.500Z',
            type: 'default',
            category: 'billing',
            level: 'warning',
            message: 'amount is negative',
            data: null,
          },
        ],
      },
    },
    {
      type: 'request',
      data: {
        method: 'POST',
        url: 'https://shop.example/pay',
        query: [['cart', '17']],
        fragment: '',
        data: { amount: -12 },
        cookies: [],
        headers: [['Content-Type', 'application/json']],
        env: null,
        inferredContentType: 'application/json',
      },
    },
  ],
  nextEventID: null,
  previousEventID: 'b'.repeat(32),
  _meta: null,
  ...change,
});
