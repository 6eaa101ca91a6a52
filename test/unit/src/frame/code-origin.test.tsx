import { screen, within } from '@testing-library/react';
import { describe, expect, it, test } from 'vitest';
import type { Frame } from '../../../../server/protocol/contract.ts';
import { parseAssembly } from '../../../../src/frame/parse-assembly.ts';
import { sourceLinkOf } from '../../../../src/frame/source-link.ts';
import { event, frame, serveLinks, show, stacktrace } from './make-event.tsx';

serveLinks();

const open = (part: Partial<Frame>, platform = 'native', images: unknown = []) =>
  show(
    event(
      [
        ['exception', { values: [{ type: 'E', stacktrace: stacktrace([frame(part)]) }] }],
        ['debugmeta', { images }],
      ],
      { platform },
    ),
  );
const origin = async () => within(await screen.findByLabelText('Origin of the code'));
const fields = async () =>
  (await origin()).getAllByRole('term').map((term) => [term.textContent, term.nextElementSibling?.textContent]);

describe('a .NET frame', () => {
  it('shows its assembly, and the path of its module', async () => {
    open(
      {
        package: 'Till, Version=1.2.0.0, Culture=de-DE, PublicKeyToken=b77a5c561934e089',
        instructionAddr: '0x1f',
        addrMode: 'rel:1',
      },
      'csharp',
      [7, { type: 'pe_dotnet', code_file: '/srv/till/Till.dll' }],
    );
    expect(await fields()).toEqual([
      ['Assembly', 'Till'],
      ['Version', '1.2.0.0'],
      ['Culture', 'de-DE'],
      ['PublicKeyToken', 'b77a5c561934e089'],
      ['Path', '/srv/till/Till.dll'],
    ]);
  });

  it('shows a dash for what its assembly does not say', async () => {
    open({ package: 'Till, Culture=neutral, PublicKeyToken=null' }, 'csharp');
    expect(await fields()).toEqual([
      ['Assembly', 'Till'],
      ['Version', '-'],
      ['Culture', '-'],
      ['PublicKeyToken', '-'],
    ]);
  });

  test.each([
    ['', { name: undefined, version: undefined, culture: undefined, publicKeyToken: undefined }],
    [' , Version', { name: undefined, version: undefined, culture: undefined, publicKeyToken: undefined }],
    ['A, VERSION=1=2, __proto__=x', { name: 'A', version: '1', culture: undefined, publicKeyToken: undefined }],
  ])('reads the name %j', (name, assembly) => expect(parseAssembly(name)).toEqual(assembly));
});

describe('how a frame was found', () => {
  test.each([
    ['context', 'from the registers (context)'],
    ['cfi', 'by unwind information (cfi)'],
    ['constructor', '(constructor)'],
  ])('%s is said', async (trust, words) => {
    open({ trust });
    expect(await fields()).toEqual([['Found', words]]);
    expect(screen.queryByText('scanned')).toBeNull();
  });

  it('by a scan is uncertain, and its row says so', async () => {
    open({ trust: 'scan' });
    expect((await fields())[0]?.[1]).toMatch(/it may not have been called \(scan\)$/);
    expect(screen.getByText('scanned')).toHaveAttribute('title', expect.stringContaining('may not have been called'));
  });
});

describe('a link to the source', () => {
  it('goes where it says, in a tab of its own that learns nothing of this page', async () => {
    open({ sourceLink: 'https://raw.githubusercontent.com/o/r/0abc/src/a.cs' }, 'csharp');
    const link = (await origin()).getByRole('link');
    expect(link).toHaveTextContent('https://raw.githubusercontent.com/o/r/0abc/src/a.cs');
    expect(link).toHaveAttribute('href', 'https://raw.githubusercontent.com/o/r/0abc/src/a.cs');
    expect(link).toHaveAttribute('rel', 'noopener noreferrer nofollow');
  });

  it('that may not be followed is text', async () => {
    open({ sourceLink: 'javascript:alert(1)' });
    expect((await origin()).queryByRole('link')).toBeNull();
    expect((await origin()).getByText('javascript:alert(1)')).toBeVisible();
  });

  test.each([
    ['http://example.com/a b', 'http://example.com/a%20b'],
    ['HTTPS://EXAMPLE.com/A', 'https://example.com/A'],
    ['https://xn--pple-43d.com/', 'https://xn--pple-43d.com/'],
    ['https://аpple.com/', 'https://xn--pple-43d.com/'],
    ['https://github.com@example.com/', null],
    ['https://:x@example.com/', null],
    ['javascript:alert(1)', null],
    [' \tjava\nscript:alert(1)', null],
    ['data:text/html,x', null],
    ['//example.com', null],
    ['file:///etc/passwd', null],
    ['https://', null],
    ['', null],
    [null, null],
  ])('%j leads to %j', (sent, target) => expect(sourceLinkOf(sent)).toBe(target));
});
