// Records the events of the repositories anew: `node test/bench-fix/record.ts [name...]`. Needs Python with sentry_sdk,
// Ruby and Go; the events are kept beside the code, so that the benchmark needs none of them.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Case, readCases } from './cases.ts';
import { mapFrames, minify } from './minified.ts';

const root = join(import.meta.dirname, '..', '..');
const recorders = join(import.meta.dirname, 'recorders');

const node = (crash: readonly string[]): [string, ...string[]] => [
  process.execPath,
  '--import',
  join(recorders, 'record.mjs'),
  ...crash.slice(1),
];
const COMMANDS: Record<string, (test: Case, out: string) => [string, ...string[]]> = {
  python: (_, out) => ['/usr/bin/python3', join(recorders, 'record.py'), out],
  javascript: ({ crash }) => node(crash),
  typescript: ({ crash }) => node(crash),
  ruby: (_, out) => ['ruby', join(recorders, 'record.rb'), out],
  go: ({ crash: [program = 'go', ...args] }) => [program, ...args],
};

for (const test of readCases(process.argv.slice(2))) {
  const work = mkdtempSync(join(tmpdir(), 'bench-fix-'));
  const code = join(work, 'code');
  const out = join(work, 'event.json');
  try {
    cpSync(join(test.folder, 'code'), code, { recursive: true });
    const minified = test.bundle ? await minify(code, test.bundle) : null;
    const crashing: Case = minified ? { ...test, crash: ['node', minified] } : test;
    const [program, ...args] = COMMANDS[test.language]?.(crashing, out) ?? ['false'];
    // Programs may tell what they find in it: nothing of this machine.
    const env = {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: '/home/shop',
      LANG: 'C.UTF-8',
      GOCACHE: join(work, 'go'),
      BENCH_EVENT: out,
      NODE_PATH: join(root, 'node_modules'),
      PYTHONDONTWRITEBYTECODE: '1',
    };
    const { stderr } = spawnSync(program, args, { cwd: code, env, encoding: 'utf8', timeout: 60_000 });
    if (test.language === 'go') writeFileSync(out, JSON.stringify(fromPanic(stderr, code)));
    if (minified && existsSync(out)) {
      writeFileSync(out, JSON.stringify(mapFrames(JSON.parse(readFileSync(out, 'utf8')), code, minified)));
    }
    if (!existsSync(out)) throw new Error(`${test.name}: no event.\n${stderr}`);
    // What stands in an event of another machine: no path of this one.
    const places: [string, string][] = [
      [code, `/srv/${test.name}`],
      [root, `/srv/${test.name}`],
      [dirname(process.execPath), '/usr/bin'],
    ];
    const text = places.reduce((event, [here, there]) => event.replaceAll(here, there), readFileSync(out, 'utf8'));
    writeFileSync(join(test.folder, 'event.json'), `${JSON.stringify(JSON.parse(text), null, 1)}\n`);
    console.log(test.name);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** An event in the shape of Go's SDK, from what the runtime prints. */
function fromPanic(stderr: string, code: string) {
  const [, message = ''] = /^panic: (.*)$/m.exec(stderr) ?? [];
  const calls = [...stderr.matchAll(/^(\S+?)\(([^()]*|\.\.\.)\)\n\t(\S+):(\d+)/gm)];
  const frames = calls.map(([, name = '', , path = '', line = '0']) => {
    const lineno = Number(line);
    const isOwn = path.startsWith(`${code}/`);
    const lines = isOwn ? readFileSync(path, 'utf8').split('\n') : [];
    const [, module = '', called = ''] = /^(.*?[^/.]*)\.(.*)$/.exec(name.replace(/^(.*\/)/, '')) ?? [];
    return {
      function: called.replace(/\(\*?(\w+)\)/, '$1'),
      module: `${name.includes('/') ? name.slice(0, name.lastIndexOf('/') + 1) : ''}${module}`,
      abs_path: path,
      filename: isOwn ? path.slice(code.length + 1) : path,
      lineno,
      in_app: isOwn,
      pre_context: lines.slice(Math.max(0, lineno - 6), lineno - 1),
      context_line: lines[lineno - 1],
      post_context: lines.slice(lineno, lineno + 5),
    };
  });
  return {
    event_id: 'c'.repeat(32),
    platform: 'go',
    level: 'fatal',
    timestamp: 1_780_000_000,
    release: 'bench@1.0.0',
    environment: 'production',
    server_name: 'web-1',
    contexts: { runtime: { name: 'go', version: 'go1.19' } },
    exception: {
      values: [
        {
          type: 'runtime.Error',
          value: message,
          mechanism: { type: 'panic', handled: false },
          stacktrace: { frames: frames.reverse() },
        },
      ],
    },
  };
}
