import { expect, it } from 'vitest';
import { findDefinitions, type ShownFrame } from '../../../../server/ai/evidence-definitions.ts';
import { enclosingFunction } from '../../../../server/ai/evidence-function.ts';

const COMMIT = 'c'.repeat(40);

/** What is found from a line of the first file; the heads of what is found, with their file. */
async function foundFrom(files: Record<string, string>, path: string, ran: string): Promise<string[]> {
  const linesOf = (name: string) => (files[name] ?? '').split('\n');
  const lines = linesOf(path);
  const number = lines.findIndex((line) => line.trim() === ran) + 1;
  const own = enclosingFunction(lines, number, path);
  if (!own) throw new Error(`${path} has no ${ran}`);
  const frame: ShownFrame = { source: { path, commit: COMMIT, ...own }, ran, body: own.lines };
  const found = await findDefinitions([frame], [{ path, commit: COMMIT, lines }], {
    read: async (name) => (name in files ? linesOf(name) : null),
    mentions: async () => [],
    filesIn: async (folder) =>
      Object.keys(files).filter((name) => name.slice(0, Math.max(0, name.lastIndexOf('/'))) === folder),
  });
  return found.map(({ path: file, lines: [head = ''] }) => `${file} ${head.trim()}`);
}

it('finds who sets what the line that ran reads', async () => {
  const files = {
    'client.js':
      'class Client {\n  send() {\n    this.socket.write(1);\n  }\n\n  close() {\n    this.socket = null;\n  }\n\n  name() {\n    return 1;\n  }\n}\n',
  };
  const found = await foundFrom(files, 'client.js', 'this.socket.write(1);');
  expect(found[0]).toBe('client.js close() {');
});

it('finds who makes what has no such key', async () => {
  const files = {
    'worker.py':
      'from outbox import Outbox\n\n\ndef sent(entry):\n    if entry["attempt"] > 1:\n        pass\n\n\ndef other():\n    pass\n',
    'outbox.py':
      'class Outbox:\n    def submit(self, message):\n        self.put({"attempt": 1})\n\n    def size(self):\n        pass\n',
  };
  const found = await foundFrom(files, 'worker.py', 'if entry["attempt"] > 1:');
  expect(found).toContain('outbox.py def submit(self, message):');
  expect(found.join('\n')).not.toMatch(/def other|def size/);
});

it('goes from file to file, the nearest first', async () => {
  const files = {
    'main.py': 'from settings import load\n\n\ndef main():\n    run(load())\n',
    'settings/__init__.py': 'from settings.env import overrides\n\n\ndef load():\n    return overrides()\n',
    'settings/env.py':
      'from settings.deep import parse\n\n\ndef overrides():\n    return parse()\n\n\ndef unused():\n    pass\n',
    'settings/deep.py': 'def parse():\n    pass\n',
  };
  expect(await foundFrom(files, 'main.py', 'run(load())')).toEqual([
    'settings/__init__.py def load():',
    'settings/env.py def overrides():',
    'settings/deep.py def parse():',
    // What a change may have to add to; the least of all.
    'main.py from settings import load',
    'settings/__init__.py from settings.env import overrides',
    'settings/env.py from settings.deep import parse',
  ]);
});

it('finds types, in the package and in those that it imports, and no tests', async () => {
  const files = {
    'invoice/title.go':
      'package invoice\n\nimport "example.com/shop/api"\n\nfunc title(o api.Order) string {\n\treturn o.Lines[0].Title + tail()\n}\n',
    'invoice/tail.go': 'package invoice\n\nfunc tail() string { return "" }\n',
    'invoice/tail_test.go': 'package invoice\n\nfunc title() {}\n',
    'api/types.go': 'package api\n\ntype Order struct {\n\tLines []Line `json:"lines"`\n}\n\ntype Unused struct{}\n',
  };
  const found = await foundFrom(files, 'invoice/title.go', 'return o.Lines[0].Title + tail()');
  expect(found).toContain('api/types.go type Order struct {');
  expect(found).toContain('invoice/tail.go func tail() string { return "" }');
  expect(found.join('\n')).not.toMatch(/_test|Unused/);
});

it('finds who puts together what crashed, though nothing there names it', async () => {
  const script = {
    'src/app.js':
      "import { router } from './routes/notes.js';\n\nexport function createApp() {\n  use(router);\n}\n\nexport function unused() {\n  return 1;\n}\n",
    'src/routes/notes.js': 'export const router = {\n  list(req) {\n    return req.user.id;\n  },\n};\n',
    'src/routes/notes.test.js': "import { router } from './notes.js';\nfunction test() {\n  router.list();\n}\n",
  };
  const used = await foundFrom(script, 'src/routes/notes.js', 'return req.user.id;');
  expect(used).toContain('src/app.js export function createApp() {');
  expect(used.join('\n')).not.toMatch(/unused|test\.js/);

  const go = {
    'booking/service.go': 'package booking\n\nfunc (s *Service) Book() {\n\ts.clock.Now()\n}\n',
    'booking/new.go': 'package booking\n\nfunc NewService(c Clock) *Service {\n\treturn &Service{clock: c}\n}\n',
    'booking/default.go': 'package booking\n\nfunc build() {\n\tNewService(nil)\n}\n',
  };
  const made = await foundFrom(go, 'booking/service.go', 's.clock.Now()');
  expect(made.slice(0, 2).sort()).toEqual([
    'booking/default.go func build() {',
    'booking/new.go func NewService(c Clock) *Service {',
  ]);
});

it('tells less of what many places define', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 9 }, (_, index) => [`kind${index}.py`, `def name(self):\n    return ${index}\n`]),
  );
  const imports = Array.from({ length: 9 }, (_, index) => `import kind${index}`).join('\n');
  const files = {
    ...many,
    'main.py': `${imports}\nimport only\n\n\ndef main(kind):\n    return name(kind) + once(kind)\n`,
    'only.py': 'def once(kind):\n    return 1\n',
  };
  const found = await foundFrom(files, 'main.py', 'return name(kind) + once(kind)');
  expect(found[0]).toBe('only.py def once(kind):');
  expect(found.filter((one) => one.includes('def name'))).toHaveLength(9);
});

it('ends, and in good time, whatever names what', async () => {
  const files = {
    'a.js': Array.from(
      { length: 1500 },
      (_, index) => `function f${index}() {\n  return f${index + 1}() + f${index + 2}();\n}\n`,
    ).join('\n'),
  };
  const start = performance.now();
  const found = await foundFrom(files, 'a.js', 'return f1() + f2();');
  expect(found.length).toBeGreaterThan(3);
  expect(performance.now() - start).toBeLessThan(5000);
});
