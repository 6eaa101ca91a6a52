import { act, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import type { EventCoverage } from '../../../../server/protocol/contract.ts';
import { answerCoverage, event, exceptionEvent, frame, serveLinks, show, stacktrace } from './make-event.tsx';

const { others } = serveLinks();
const scrolled = vi.fn();
beforeEach(() => {
  scrolled.mockClear();
  HTMLElement.prototype.scrollIntoView = scrolled;
});

type Told = EventCoverage['frames'][number];
const told = (frameIndex: number, code: number | null, part: Partial<Told> = {}): Told => ({
  exceptionIndex: 0,
  frameIndex,
  code,
  ...part,
});
const frames = [1, 2, 3].map((line) =>
  frame({ filename: `app/f${line}.py`, function: `f${line}`, lineNo: line, context: [[line, `call${line}()`]] }),
);
const toggles = () => screen.getAllByRole('button', { name: 'Toggle Context' });

it('names the frames that no test reaches, opens the one that is pressed and goes to it', async () => {
  answerCoverage({ frames: [told(0, 1), told(1, 0), told(2, 1)] });
  show(exceptionEvent(frames));
  const line = (await screen.findByText(/2 of 3 in-app frames run code that no test reaches/)).closest('p');
  const named = within(line as HTMLElement).getAllByRole('button');
  expect(named.map(({ textContent }) => textContent)).toEqual(['f1 in app/f1.py:1', 'f3 in app/f3.py:3']);
  expect(screen.queryByText('call1')).toBeNull();
  if (named[0]) await userEvent.click(named[0]);
  expect(await screen.findByText('call1')).toBeVisible();
  expect(scrolled).toHaveBeenCalledOnce();
  // Newest first: the first frame is the last row.
  expect(toggles().at(-1)).toHaveFocus();
  expect(toggles().at(-1)).toHaveAttribute('aria-expanded', 'true');
});

it('can be asked to show a frame again after it was folded', async () => {
  answerCoverage({ frames: [told(0, 1), told(1, 0)] });
  show(exceptionEvent(frames));
  const link = await screen.findByRole('button', { name: 'f1 in app/f1.py:1' });
  await userEvent.click(link);
  const toggle = toggles().at(-1) as HTMLElement;
  await userEvent.click(toggle);
  expect(toggle).toHaveAttribute('aria-expanded', 'false');
  await userEvent.click(link);
  expect(toggle).toHaveAttribute('aria-expanded', 'true');
  expect(scrolled).toHaveBeenCalledTimes(2);
});

it('opens what is around the frame: an exception that is folded, the view as text', async () => {
  answerCoverage({ frames: [told(0, 1)] });
  const values = [
    { type: 'Root', value: 'v', stacktrace: stacktrace(frames.slice(0, 1)) },
    { type: 'Leaf', value: 'v', stacktrace: stacktrace(frames.slice(1)) },
  ];
  show(event([['exception', { values }]]));
  await userEvent.click(screen.getByRole('button', { name: 'Toggle exception Root' }));
  await userEvent.click(screen.getByRole('radio', { name: 'Raw' }));
  await userEvent.click(await screen.findByRole('button', { name: 'f1 in app/f1.py:1' }));
  expect(await screen.findByText('call1')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Toggle exception Root' })).toHaveAttribute('aria-expanded', 'true');
  await userEvent.click(screen.getByRole('button', { name: 'Toggle exception Root' }));
  expect(screen.queryByText('call1')).toBeNull();
});

it('chooses the thread that has the frame', async () => {
  answerCoverage({ frames: [told(0, 1, { exceptionIndex: null, threadIndex: 1 })] });
  const threads = [
    { id: 1, name: 'main', crashed: true, stacktrace: stacktrace([frame({ filename: 'main.py' })]) },
    { id: 2, name: 'worker', stacktrace: stacktrace(frames.slice(0, 1)) },
  ];
  show(event([['threads', { values: threads }]]));
  await userEvent.click(await screen.findByRole('button', { name: 'f1 in app/f1.py:1' }));
  expect(await screen.findByText('call1')).toBeVisible();
  expect(screen.getByRole('combobox', { name: 'Thread' })).toHaveDisplayValue('worker #2');
});

it('says that tests reach all of them, and of how many nothing is known', async () => {
  answerCoverage({ frames: [told(0, 0), told(1, 2)] });
  const { unmount } = show(exceptionEvent(frames.slice(0, 2)));
  expect(await screen.findByText('Tests reach the code of all 2 in-app frames')).toBeVisible();
  unmount();
  answerCoverage({ frames: [told(0, 1), told(1, null, { reason: 'no_file_matches' }), told(2, 0)] });
  show(exceptionEvent(frames));
  expect(
    await screen.findByText(/^1 of 3 in-app frames runs code that no test reaches \(of 1 no report tells\)/),
  ).toBeVisible();
});

it('names a few frames, and the others when asked', async () => {
  const many = [1, 2, 3, 4, 5].map((line) => frame({ filename: `m${line}.py`, function: 'm', lineNo: line }));
  answerCoverage({ frames: many.map((_, index) => told(index, 1)) });
  show(exceptionEvent(many));
  await userEvent.click(await screen.findByRole('button', { name: 'and 2 more' }));
  expect(screen.getByRole('button', { name: 'm in m5.py:5' })).toBeVisible();
});

it('says nothing where no report tells anything', async () => {
  answerCoverage({ frames: [told(0, null, { reason: 'no_report' })] });
  show(exceptionEvent(frames));
  await waitFor(() => expect(others.map(({ pathname }) => pathname)).toEqual([expect.stringMatching(/\/coverage\/$/)]));
  await act(async () => {});
  expect(screen.queryByText(/in-app frame/)).toBeNull();
});
