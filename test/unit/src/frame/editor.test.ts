import { describe, expect, it, test } from 'vitest';
import { editors, editorUrl, templateFault } from '../../../../src/frame/editor.ts';
import { parseChoice } from '../../../../src/frame/editor-choice.ts';
import { isLoopback, placesOf } from '../../../../src/frame/frame-places.ts';
import { likelyRoot } from '../../../../src/frame/source-reason.ts';
import { frame } from './make-event.tsx';

const place = { path: '/home/ada/shop/src/pay.py', relativePath: 'src/pay.py', line: 41, column: 9 };

test.each([
  ['VS Code', editors.vscode.template, place, 'vscode://file/home/ada/shop/src/pay.py:41:9'],
  ['Cursor', editors.cursor.template, place, 'cursor://file/home/ada/shop/src/pay.py:41:9'],
  [
    'Zed without a column',
    editors.zed.template,
    { ...place, column: null },
    'zed://file/home/ada/shop/src/pay.py:41:1',
  ],
  [
    'IntelliJ, which knows a project by its folder’s name',
    editors.intellij.template,
    place,
    'jetbrains://idea/navigate/reference?project=shop&path=src/pay.py:41:9',
  ],
  [
    'a drive of Windows',
    editors.vscode.template,
    { ...place, path: 'C:\\work\\my shop/src/pay.py' },
    'vscode://file/C:/work/my%20shop/src/pay.py:41:9',
  ],
  [
    'a path that would be more than one',
    'idea://open?file={path}&line={line}',
    { ...place, path: '/a/b?c#d&e=f%/g:1', relativePath: 'g:1' },
    'idea://open?file=/a/b%3Fc%23d%26e%3Df%25/g%3A1&line=41',
  ],
])('makes the address for %s', (_, template, where, address) => expect(editorUrl(template, where)).toBe(address));

test.each([
  ['', /Write the address/],
  ['javascript://%0aalert(1)//{path}', /opens no editor/],
  ['JavaScript://{path}', /opens no editor/],
  ['javascript:alert("{path}")', /begin with the scheme/],
  ['data:text/html,{path}', /begin with the scheme/],
  ['data://{path}', /opens no editor/],
  ['file://{path}', /opens no editor/],
  ['{path}://x', /begin with the scheme/],
  [' vscode://file/{path}', /begin with the scheme/],
  ['vscode://file/{path} {line}', /spaces/],
  ['vscode://file/{path}\n', /spaces/],
  ['vscode://file/{file}:{line}', /\{file\} is not known/],
  ['vscode://file/{constructor}', /\{constructor\} is not known/],
  ['vscode://file/:{line}', /needs \{path\}/],
])('does not take %j as a template', (template, fault) => {
  expect(templateFault(template)).toMatch(fault);
  expect(editorUrl(template, place)).toBeNull();
});

test.each([
  [null, { editor: 'vscode', template: '' }],
  ['no JSON', { editor: 'vscode', template: '' }],
  ['{"editor":"zed"}', { editor: 'zed', template: '' }],
  ['{"editor":"__proto__","template":3}', { editor: 'vscode', template: '' }],
  ['{"editor":"custom","template":"subl://open?url={path}"}', { editor: 'custom', template: 'subl://open?url={path}' }],
  ['{"editor":"custom","template":"javascript:alert(1)"}', { editor: 'vscode', template: 'javascript:alert(1)' }],
])('reads the choice %j', (stored, choice) => expect(parseChoice(stored)).toEqual(choice));

test.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['[::1]', true],
  ['shop.localhost', true],
  ['127.0.0.1.evil.example', false],
  ['localhost.example', false],
  ['192.168.0.7', false],
])('knows whether %s is this machine', (host, isLocal) => expect(isLoopback(host)).toBe(isLocal));

describe('places of a frame', () => {
  const shown = frame({ lineNo: 7, colNo: 3 });
  const source = { path: 'src/pay.py', absPath: '/srv/checkouts/shop/src/pay.py' };
  const here = { choice: { editor: 'vscode', template: '' } as const, folder: null, isLocal: true };

  it('are the server’s where that is this machine', () => {
    expect(placesOf(shown, { source }, here).editor).toEqual({
      label: 'Open in VS Code',
      href: 'vscode://file/srv/checkouts/shop/src/pay.py:7:3',
      title: '/srv/checkouts/shop/src/pay.py:7',
    });
  });

  it('are in the folder on this machine, once that was told, and unknown before', () => {
    const away = { ...here, isLocal: false };
    expect(placesOf(shown, { source }, away)).toMatchObject({
      editor: { label: 'Open in VS Code…', href: null },
      serverFolder: '/srv/checkouts/shop',
    });
    const told = placesOf(shown, { source }, { ...away, folder: 'C:\\work\\shop\\' });
    expect(told.editor?.href).toBe('vscode://file/C:/work/shop/src/pay.py:7:3');
    expect(placesOf(shown, { source }, { ...away, folder: '' }).editor?.href).toBe(
      'vscode://file/srv/checkouts/shop/src/pay.py:7:3',
    );
    expect(placesOf(shown, { source: { path: 'src/pay.py', absPath: null } }, here).editor?.href).toBeNull();
    expect(placesOf(shown, { source: {} }, here).editor).toBeNull();
  });

  test.each([
    [
      'https://github.com/acme/shop/blob/abc/src/a.py',
      'Open on GitHub',
      'https://github.com/acme/shop/blob/abc/src/a.py#L7',
    ],
    [
      'https://git.acme.example/shop/-/blob/abc/a.py',
      'Open on GitLab',
      'https://git.acme.example/shop/-/blob/abc/a.py#L7',
    ],
    ['https://code.acme.example/shop/a.py', 'Open on code.acme.example', 'https://code.acme.example/shop/a.py#L7'],
  ])('have the page %s', (sourceUrl, label, href) =>
    expect(placesOf(shown, { sourceUrl }, here).web).toEqual({ label, href }),
  );

  test.each(['javascript:alert(1)', 'data:text/html,x', 'not an address', ''])('have no page %j', (sourceUrl) =>
    expect(placesOf(shown, { sourceUrl }, here).web).toBeNull(),
  );
});

test.each([
  ['/srv/app/billing/charge.py', '/srv/app/'],
  ['/usr/src/app/lib/a.js', '/usr/src/app/'],
  ['/home/ada/shop/a.go', '/home/ada/shop/'],
  ['/app/a.rb', '/app/'],
  ['webpack://shop/./src/a.ts', 'webpack://shop/./'],
  ['app/billing.py', ''],
  ['a.py', ''],
])('guesses what of %s is no part of the repository', (path, root) => expect(likelyRoot(path)).toBe(root));
