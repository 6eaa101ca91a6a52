const source = (first: number, lines: string[], ran: number) => ({
  lineno: ran,
  pre_context: lines.slice(0, ran - first),
  context_line: lines[ran - first],
  post_context: lines.slice(ran - first + 1),
});

const billing = `    amount: what the customer pays, in cents
    """
    log.debug("charging %s", order["id"])
    rate = RATES.get(order["currency"], 1.0)
    if amount <= 0:
        raise ValueError("amount must be positive")
    receipt = gateway.charge(
        order["id"], round(amount * rate), currency=order["currency"]  # smallest unit
    )
    """Receipts are kept for
    ten years.`.split('\n');

const vars = {
  order: {
    id: 981,
    currency: "'EUR'",
    items: [
      { sku: "'A-1'", price: '1200' },
      { sku: "'B-2'", price: '-1212' },
    ],
    note: 'None',
  },
  amount: '-12',
  rate: '1.0',
  is_test: 'False',
  customer: '<Customer 4711: ada>',
  card: { number: "'4111 1111 1111 1111'", password: "'hunter2'" },
  token: '[Filtered]',
  body: `'${'lorem ipsum dolor sit amet '.repeat(40)}'`,
  empty: {},
};

/** Events of our own: what the corpus does not have, and what must never run. */
export const samples: Record<string, object> = {
  python: {
    platform: 'python',
    release: 'shop@1.4.0',
    exception: {
      values: [
        {
          type: 'KeyError',
          value: "'discount'",
          mechanism: { type: 'chained', handled: true, source: '__context__', exception_id: 1, parent_id: 0 },
          stacktrace: {
            frames: [
              {
                filename: 'app/pricing.py',
                function: 'total',
                in_app: true,
                ...source(8, ['def total(order):', '    return order["discount"]'], 9),
              },
            ],
          },
        },
        {
          type: 'ValueError',
          value: 'amount must be positive',
          module: 'builtins',
          mechanism: { type: 'django', handled: false, exception_id: 0, data: { path: '/pay', attempt: 3 } },
          stacktrace: {
            frames: [
              ...['wsgi.py', 'base.py', 'exception.py', 'base.py'].map((file, index) => ({
                filename: `django/core/handlers/${file}`,
                module: `django.core.handlers.${index}`,
                function: 'inner',
                lineno: 40 + index,
                in_app: false,
              })),
              {
                filename: 'app/api.py',
                module: 'app.api',
                function: 'pay',
                in_app: true,
                vars: { request: '<Request POST /pay>' },
                ...source(17, ['def pay(request):', '    charge(order, order["total"])'], 18),
              },
              ...Array.from({ length: 3 }, () => ({
                filename: 'app/retry.py',
                module: 'app.retry',
                function: 'again',
                in_app: true,
                lineno: 7,
              })),
              {
                filename: 'app/billing.py',
                abs_path: '/srv/shop/app/billing.py',
                module: 'app.billing',
                function: 'charge',
                colno: 9,
                in_app: true,
                vars,
                ...source(36, billing, 41),
              },
            ],
          },
        },
      ],
    },
    _meta: {
      exception: {
        values: {
          1: {
            stacktrace: {
              frames: {
                8: {
                  vars: {
                    body: { '': { len: 9000, rem: [['!limit', 'x', 1000, 1000]] } },
                    secret: { '': { rem: [['project:2', 'x']] } },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
  minified: {
    platform: 'javascript',
    exception: {
      values: [
        {
          type: 'TypeError',
          value: "Cannot read properties of undefined (reading 'total')",
          stacktrace: {
            frames: [
              {
                filename: '/static/app.min.js',
                abs_path: 'https://shop.example/static/app.min.js',
                function: 'r.pay',
                lineno: 1,
                colno: 48_213,
                in_app: true,
                context_line: 'function a(b){return b.total*1.2}'.repeat(3000),
                errors: [{ type: 'js_no_source', url: 'https://shop.example/static/app.min.js.map' }],
              },
            ],
          },
        },
      ],
    },
  },
  hostile: {
    platform: 'javascript',
    exception: {
      values: [
        {
          type: '<script>alert(1)</script>',
          value: '\u001b[31m<img src=x onerror=alert(1)>\u001b[0m \u202e reversed \u0000',
          module: '"><svg onload=alert(1)>',
          mechanism: {
            type: '<b>',
            help_link: 'javascript:alert(1)',
            handled: false,
            meta: { signal: { name: '<i>SIGSEGV', number: 11 } },
          },
          stacktrace: {
            registers: { '<b>': '<script>', rax: '0xffffffffffffffff' },
            frames: [
              {
                filename: '<img src=x onerror=alert(1)>.js',
                function: '<script>',
                package: '/<b>',
                lineno: 1,
                in_app: true,
                context_line: '</code><script>alert(1)</script> \u0000 \u202e',
                vars: { '<script>': '<img src=x onerror=alert(1)>', constructor: 'x', nested: { '<b>': ['<i>'] } },
              },
            ],
          },
        },
      ],
    },
  },
};
