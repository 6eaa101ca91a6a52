import { screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, it, test } from 'vitest';
import type { Frame } from '../../../../server/protocol/contract.ts';
import { answerLinks, exceptionEvent, frame, serveLinks, show } from './make-event.tsx';
import { pretendDialogs } from './pretend-dialogs.ts';

const server = serveLinks();
pretendDialogs();
const bare = (part: Partial<Frame> = {}) =>
  frame({ filename: 'app/pay.py', lineNo: 2, colNo: 5, context: [], ...part });
const commit = 'a1b2c3d4e5'.repeat(4);
const source = {
  path: 'src/app/pay.py',
  absPath: '/srv/shop/src/app/pay.py',
  commit,
  commitFrom: 'tag',
  context: [
    [1, 'def pay(amount):'],
    [2, '    raise Boom'],
    [3, ''],
  ],
};
const codecov = {
  status: 200,
  lineCoverage: [
    [1, 0],
    [2, 1],
  ],
  lineHits: [
    [1, 1200],
    [2, 0],
  ],
};
const sourceLines = async () =>
  within(await screen.findByRole('list', { name: 'Source' }))
    .getAllByRole('listitem')
    .map(({ textContent }) => textContent);

describe('a frame of ours without source', () => {
  it('is open at first and shows its lines from the checkout, with coverage, by one request', async () => {
    answerLinks(() => ({ source, codecov }));
    show(exceptionEvent([bare()], { release: { version: 'shop@1' } }));
    expect(screen.getByRole('status', { name: 'Loading the source' })).toBeVisible();
    expect(await sourceLines()).toEqual([
      '1, Line covered by tests, ran 1,200 times: def pay(amount):1.2k×',
      '2, Line uncovered by tests:     raise Boom0×',
      '3',
    ]);
    expect(screen.getByRole('listitem', { current: true })).toHaveTextContent('raise Boom');
    expect(screen.getByRole('list', { name: 'Line coverage' })).toBeVisible();
    expect(server.requests).toHaveLength(1);
  });

  it('says which commit the lines are of, and how it was found', async () => {
    answerLinks(() => ({ source }));
    show(exceptionEvent([bare()]));
    const mark = await screen.findByText(/^From the checkout at/);
    expect(mark).toHaveTextContent('From the checkout at a1b2c3d');
    await userEvent.hover(mark);
    const words = await screen.findByRole('tooltip', { hidden: true });
    expect(words).toHaveTextContent(/tag that is named like the event’s release/);
    expect(words).toHaveTextContent(commit);
  });

  it('asks for nothing until it is opened', async () => {
    answerLinks(() => ({ source }));
    show(exceptionEvent([bare({ filename: 'app/first.py' }), frame({ lineNo: 9, context: [[9, 'x()']] })]));
    expect(server.requests.map(({ searchParams }) => searchParams.get('file'))).toEqual(['app/a.py']);
    const [toggle] = screen.getAllByRole('button', { name: 'Toggle Context', expanded: false });
    if (toggle) await userEvent.click(toggle);
    expect(await screen.findByText(/^From the checkout/)).toBeVisible();
    expect(server.requests.map(({ searchParams }) => searchParams.get('file'))).toEqual(['app/a.py', 'app/first.py']);
  });

  const reasons: [string, string, RegExp, string | null][] = [
    ['no_code_mapping', 'The project has no code mapping.', /has no code mapping/, 'Add a code mapping'],
    ['stack_root_mismatch', '', /no code mapping begins like/, 'Add a code mapping for this path'],
    ['no_commit', 'The release names no commit.', /names no commit/, null],
    ['commit_unknown', '', /lacks the commit/, null],
    ['file_not_found', '', /not in the repository/, null],
    ['file_refused', '', /may hold secrets/, null],
    ['not_a_source_file', '', /no text file/, null],
    ['line_not_found', '', /shorter than the line/, null],
    ['repository_unreadable', '', /cannot read the checkout/, 'See the code mappings'],
  ];
  test.each(reasons)('says why there is none: %s', async (reason, detail, words, step) => {
    answerLinks(() => ({ source: { reason, detail } }));
    show(exceptionEvent([bare({ absPath: '/srv/app/app/pay.py' })]));
    expect(await screen.findByText(words)).toBeVisible();
    const link = screen.queryByRole('link');
    expect(link?.textContent ?? null).toBe(step);
    if (reason === 'no_code_mapping') {
      expect(link).toHaveAttribute(
        'href',
        '/settings/code-mappings/?project=shop&path=%2Fsrv%2Fapp%2Fapp%2Fpay.py&stackRoot=%2Fsrv%2Fapp%2F',
      );
    }
  });

  it('says what failed, and tries again', async () => {
    let tries = 0;
    answerLinks(() => {
      tries += 1;
      return tries === 1 ? Promise.resolve(Response.json({ detail: 'Git is busy.' }, { status: 503 })) : { source };
    });
    show(exceptionEvent([bare()]));
    expect(await screen.findByText(/The source could not be loaded: Git is busy\./)).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText(/^From the checkout/)).toBeVisible();
  });

  it('shows hostile text as text', async () => {
    const evil = '<img src=x onerror=alert(1)>';
    answerLinks(() => ({ source: { ...source, path: evil, context: [[2, evil]] }, sourceUrl: 'javascript:alert(1)' }));
    const { container } = show(exceptionEvent([bare()]));
    expect(await screen.findByText(/^From the checkout/)).toBeVisible();
    expect(container.querySelector('img')).toBeNull();
    for (const link of screen.queryAllByRole('link')) expect(link.getAttribute('href')).not.toMatch(/^javascript/);
  });
});

it('says of a library frame without source nothing, and asks for nothing', () => {
  show(exceptionEvent([bare({ inApp: false, vars: { a: '1' } })]));
  expect(screen.getByText('1')).toBeVisible();
  expect(server.requests).toEqual([]);
  expect(screen.queryByText(/No source/)).toBeNull();
});

it('keeps the lines that came with the event', async () => {
  answerLinks(() => ({ source, codecov }));
  show(exceptionEvent([bare({ context: [[2, '    sent()']] })]));
  expect(await screen.findByRole('link', { name: 'Open in VS Code' })).toBeVisible();
  expect(await sourceLines()).toEqual(['2, Line uncovered by tests:     sent()0×']);
  expect(screen.queryByText(/From the checkout/)).toBeNull();
});

describe('links of an open frame', () => {
  const sourceUrl = `https://github.com/acme/shop/blob/${commit}/src/app/pay.py`;

  it('lead to an editor on this machine and to the repository’s page, which learns nothing of us', async () => {
    answerLinks(() => ({ source, sourceUrl }));
    show(exceptionEvent([bare()]));
    expect(await screen.findByRole('link', { name: 'Open in VS Code' })).toHaveAttribute(
      'href',
      'vscode://file/srv/shop/src/app/pay.py:2:5',
    );
    const web = screen.getByRole('link', { name: 'Open on GitHub' });
    expect(web).toHaveAttribute('href', `${sourceUrl}#L2`);
    expect(web).toHaveAttribute('rel', 'noopener noreferrer');
    expect(web).toHaveAttribute('target', '_blank');
  });

  it('follow the editor and the folder that somebody chose, which this browser remembers', async () => {
    answerLinks(() => ({ source, sourceUrl }));
    const { unmount } = show(exceptionEvent([bare()]));
    await userEvent.click(await screen.findByRole('button', { name: 'Choose the editor' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Open in editor', hidden: true }));
    await userEvent.click(dialog.getByLabelText('Another'));
    const template = dialog.getByLabelText('Address that opens a file');
    await userEvent.clear(template);
    await userEvent.click(template);
    await userEvent.paste('javascript://{path}');
    await userEvent.click(dialog.getByLabelText(/^Folder of the checkout/));
    await userEvent.paste('work/shop');
    await userEvent.click(dialog.getByText('Save'));
    expect(dialog.getByText(/opens no editor/)).toBeVisible();
    expect(dialog.getByText(/Write the whole path/)).toBeVisible();
    await userEvent.clear(template);
    await userEvent.click(template);
    await userEvent.paste('subl://open?url={path}&line={line}');
    await userEvent.clear(dialog.getByLabelText(/^Folder of the checkout/));
    await userEvent.click(dialog.getByLabelText(/^Folder of the checkout/));
    await userEvent.paste('/home/ada/shop');
    await userEvent.click(dialog.getByText('Save'));
    const address = 'subl://open?url=/home/ada/shop/src/app/pay.py&line=2';
    expect(await screen.findByRole('link', { name: 'Open in editor' })).toHaveAttribute('href', address);
    expect(screen.queryByRole('dialog', { hidden: true })).toBeNull();
    unmount();
    show(exceptionEvent([bare()]));
    expect(await screen.findByRole('link', { name: 'Open in editor' })).toHaveAttribute('href', address);
  });
});

it('says that coverage is of another commit, where the file is the same', async () => {
  const sameContentAs = 'b'.repeat(40);
  answerLinks(() => ({ source, codecov: { ...codecov, commit, sameContentAs } }));
  show(exceptionEvent([bare()]));
  expect(
    await screen.findByText('Coverage of commit a1b2c3d, where this file is the same as at bbbbbbb.'),
  ).toBeVisible();
  await waitFor(() => expect(screen.getByRole('list', { name: 'Line coverage' })).toBeVisible());
});
