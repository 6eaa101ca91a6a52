import { randomUUID } from 'node:crypto';
import { deflateSync } from 'node:zlib';

const hostile = `"><script>window.pwned=1</script><img src=x onerror='window.pwned=1'>'$(touch pwned)\`!\n-- \u0003\u001b[201~\u202e`;
const startedAt = Date.now() / 1000 - 60;

const breadcrumbs = [
  ...Array.from({ length: 2500 }, (_, index) => ({
    timestamp: startedAt - 3000 + index,
    type: ['default', 'http', 'navigation', 'ui', 'query'][index % 5],
    category: ['log', 'fetch', 'navigation', 'ui.click', 'db'][index % 5],
    level: index % 97 === 0 ? 'error' : index % 13 === 0 ? 'warning' : 'info',
    message: `step ${index}`,
    data: index % 5 === 1 ? { url: `https://shop.example/${index}`, status_code: 200, method: 'GET' } : null,
  })),
  { timestamp: startedAt - 5, category: hostile, message: hostile, level: 'fatal', data: { [hostile]: hostile } },
  { timestamp: startedAt - 4, category: 'large', message: 'x'.repeat(20_000) },
  { timestamp: 'no time at all', category: ['no', 'text'], message: 'odd', level: 7 },
  { timestamp: startedAt - 2.4, category: 'ui.click', message: 'the last step', type: 'ui' },
];

const images = [
  { type: 'elf', code_file: '/lib/libone.so', debug_id: '1'.repeat(8), image_addr: '0x7f0000000000', image_size: 4096 },
  {
    type: 'elf',
    code_file: '/lib/libtwo.so',
    debug_id: '22222222-2222-2222-2222-222222222222',
    image_addr: '0x7f0000002000',
    image_size: 4096,
    arch: 'x86_64',
  },
  { type: 'elf', code_file: hostile, debug_id: hostile, image_addr: '0xffffffffffffffff', image_size: -5 },
  { type: 'sourcemap', code_file: 'https://shop.example/app.js', debug_id: '33333333-3333-3333-3333-333333333333' },
  ...Array.from({ length: 120 }, (_, index) => ({
    type: 'elf',
    code_file: `/usr/lib/x86_64-linux-gnu/libother-${index}.so.1`,
    debug_id: randomUUID(),
    image_addr: `0x${(0x7e0000000000 + index * 65_536).toString(16)}`,
    image_size: 65_536,
  })),
];

const contexts = {
  device: {
    type: 'device',
    manufacturer: 'Google',
    model: 'Pixel 8',
    arch: 'arm64-v8a',
    memory_size: 8_589_934_592,
    free_memory: 2_147_483_648,
    storage_size: 128_000_000_000,
    free_storage: 3_200_000_000,
    battery_level: 17,
    charging: false,
    processor_frequency: 2910,
    screen_density: 2.625,
    screen_width_pixels: 1080,
    boot_time: new Date((startedAt - 3 * 86_400) * 1000).toISOString(),
  },
  os: { type: 'os', name: 'Android', version: '14', kernel_version: '5.15.110', rooted: false },
  app: { type: 'app', app_name: 'Shop', app_version: '2.0.0', app_build: '771', app_memory: 312_000_000 },
  gpu: { type: 'gpu', name: 'Mali-G715', vendor_name: 'ARM', memory_size: 8192 },
  runtime: { type: 'runtime', name: 'ART', version: '2.1.0' },
  browser: { type: 'browser', name: 'Chrome Mobile', version: '131.0' },
  trace: { type: 'trace', trace_id: '4c79f60c11214eb38604f4ae0781bfb2', span_id: 'fa90fdead5f74052', op: 'ui.load' },
  response: { type: 'response', status_code: 500, body_size: 1536, headers: { 'content-type': 'text/html' } },
  culture: { type: 'culture', locale: 'de-AT', timezone: 'Europe/Vienna' },
  cloud_resource: { type: 'cloud_resource', 'cloud.provider': 'aws', 'cloud.region': 'eu-central-1' },
  flags: {
    values: [
      { flag: 'old-cart', result: false },
      { flag: hostile, result: hostile },
      'no flag',
      { flag: 'new-checkout', result: true },
    ],
  },
  state: { type: 'state', state: { type: 'redux', value: { cart: { items: [1, 2, { deep: { deeper: hostile } }] } } } },
  [hostile]: { [hostile]: hostile },
  empty: {},
};

function event(eventId: string) {
  const frame = {
    filename: 'app/pay.py',
    function: 'pay',
    lineno: 3,
    in_app: true,
    context_line: '    raise PayError(amount)',
    pre_context: ['def pay(amount):', '    """Takes the money."""'],
    vars: { amount: '-12' },
  };
  const native = {
    function: 'two',
    package: '/lib/libtwo.so',
    instruction_addr: '0x7f0000002010',
    data: { symbolicator_status: 'missing' },
  };
  return {
    event_id: eventId,
    timestamp: startedAt,
    platform: 'python',
    level: 'error',
    release: 'shop@2.0.0',
    environment: 'production',
    transaction: '/pay',
    server_name: 'web-7',
    logentry: {
      message: 'Could not take %s from %s',
      params: ['-12', hostile],
      formatted: `Could not take -12: ${hostile}`,
    },
    exception: {
      values: [
        {
          type: 'PayError',
          value: 'amount is negative',
          mechanism: { type: 'generic', handled: false },
          stacktrace: { frames: [native, frame] },
        },
      ],
    },
    breadcrumbs: { values: breadcrumbs },
    request: {
      method: 'POST',
      url: `https://shop.example/pay`,
      query_string: [
        ['cart', '17'],
        ['hostile', hostile],
      ],
      headers: [
        ['X-Hostile', hostile],
        ['accept-encoding', 'gzip'],
        ['User-Agent', 'Mozilla/5.0 (Linux; Android 14) Chrome/131.0'],
        ['Content-Type', 'application/json'],
      ],
      cookies: { session: hostile, theme: 'dark' },
      data: { text: hostile, large: 'y'.repeat(5000), list: Array.from({ length: 300 }, (_, index) => index) },
      env: { REMOTE_ADDR: '203.0.113.7' },
    },
    user: { id: '17', email: 'ada@example.com', name: hostile, geo: { city: 'Vienna', country_code: 'AT' } },
    tags: { hostile, plan: 'gold', empty: '' },
    contexts,
    extra: {
      hostile,
      long: 'z'.repeat(10_000),
      ...Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`key-${index}`, { index }])),
    },
    modules: Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`package-${index}-`, `1.${index}`])),
    sdk: {
      name: 'sentry.python',
      version: '2.50.0',
      integrations: ['logging', 'threading'],
      packages: [{ name: 'pypi:sentry-sdk', version: '2.50.0' }],
    },
    debug_meta: { images },
  };
}

/** One pixel, made here: a PNG needs its checksums. */
function onePixelPng(): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    let sum = 0xffffffff;
    for (const byte of body) {
      sum ^= byte;
      for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
    }
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE((sum ^ 0xffffffff) >>> 0, 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]);
  const pixels = deflateSync(Buffer.from([0, 91, 63, 214]));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

const minidump = () => {
  const bytes = Buffer.alloc(512);
  bytes.write('MDMP', 0);
  bytes.writeUInt32LE(0xa793, 4);
  bytes.writeUInt32LE(9, 8);
  bytes.writeUInt32LE(Math.floor(startedAt), 20);
  return bytes;
};

const hierarchy = {
  rendering_system: 'UIKIT',
  windows: [
    {
      type: 'UIWindow',
      width: 390,
      height: 844,
      x: 0,
      y: 0,
      visible: true,
      children: [
        {
          type: 'UIView',
          children: [
            { type: 'UIButton', identifier: 'pay', width: 200, height: 44, x: 95, y: 700, alpha: 1 },
            { type: hostile, identifier: hostile, visible: false },
          ],
        },
      ],
    },
  ],
};

const markup = `<!doctype html><script>window.pwned=1</script><img src=x onerror='window.pwned=1'>`;
const files: [name: string, contentType: string, data: string | Buffer, type?: string][] = [
  ['app.log', 'text/plain', Array.from({ length: 5000 }, (_, index) => `line ${index + 1} of the log`).join('\n')],
  ['state.json', 'application/json', '{"digits":18446744073709551615,"list":[1,2,{"a":"b"}]}'],
  ['page.html', 'text/html', markup],
  ['drawing.svg', 'image/svg+xml', `<svg xmlns="http://www.w3.org/2000/svg" onload="window.pwned=1"/>`],
  ['picture.png', 'image/png', onePixelPng()],
  ['liar.png', 'image/png', markup],
  ['view-hierarchy.json', 'application/json', JSON.stringify(hierarchy), 'event.view_hierarchy'],
  ['crash.dmp', 'application/octet-stream', minidump(), 'event.minidump'],
  ['core.bin', 'application/octet-stream', Buffer.from([0, 1, 2, 3])],
  ['empty.txt', 'text/plain', ''],
];

/** One envelope with every section that an event can have, hostile, large, broken and odd. */
export function sectionsEnvelope(): { eventId: string; body: Uint8Array<ArrayBuffer> } {
  const eventId = randomUUID().replaceAll('-', '');
  const report = {
    event_id: eventId,
    name: 'Ada',
    email: 'ada@example.com',
    comments: `It broke when I paid.\n${hostile}`,
  };
  const parts: Buffer[] = [Buffer.from(`${JSON.stringify({ event_id: eventId })}\n`)];
  const add = (headers: Record<string, unknown>, payload: string | Buffer) => {
    const bytes = Buffer.from(payload);
    parts.push(Buffer.from(`${JSON.stringify({ ...headers, length: bytes.length })}\n`), bytes, Buffer.from('\n'));
  };
  add({ type: 'event' }, JSON.stringify(event(eventId)));
  add({ type: 'user_report' }, JSON.stringify(report));
  for (const [filename, content_type, data, attachment_type] of files) {
    add({ type: 'attachment', filename, content_type, ...(attachment_type ? { attachment_type } : {}) }, data);
  }
  return { eventId, body: Uint8Array.from(Buffer.concat(parts)) };
}
