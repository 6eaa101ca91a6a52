import { screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { exceptionEvent, frame, serveLinks, show } from './make-event.tsx';
import { pretendDialogs } from './pretend-dialogs.ts';

serveLinks();
pretendDialogs();

const frames = Array.from({ length: 300 }, (_, index) =>
  frame({ lineNo: index + 1, vars: { index }, context: [[index + 1, 'x']] }),
);
const list = () => screen.getByRole('list', { name: 'Frames' });

it('draws a slice of many frames at once, the others as there is time, and only then says that it is done', async () => {
  show(exceptionEvent(frames));
  expect(list().children.length).toBeLessThan(100);
  expect(list()).toHaveAttribute('aria-busy', 'true');
  await waitFor(() => expect(list().children).toHaveLength(300), { timeout: 5000 });
  expect(list()).not.toHaveAttribute('aria-busy');
  expect(list().lastElementChild).toHaveTextContent('app/a.py:1 ');
});

it('keeps in a frame nothing until it is opened, and open what was while the order is turned', async () => {
  show(exceptionEvent(frames.slice(0, 60)));
  expect(screen.getAllByRole('table', { name: 'Variables' })).toHaveLength(1);
  const [second] = screen.getAllByRole('button', { name: 'Toggle Context', expanded: false });
  if (second) await userEvent.click(second);
  expect(screen.getAllByRole('table', { name: 'Variables' })).toHaveLength(2);
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Order of frames' }), 'oldest');
  await waitFor(() => expect(list().children).toHaveLength(60));
  expect(screen.getAllByRole('button', { name: 'Toggle Context', expanded: true })).toHaveLength(2);
});

const opened = () =>
  screen
    .queryAllByRole('table', { name: 'Variables' })
    .filter((table) => table.checkVisibility?.() ?? !table.closest('[hidden]'));
const isDone = () => waitFor(() => expect(list()).not.toHaveAttribute('aria-busy'), { timeout: 10_000 });

it('opens every frame from the menu, a few at a time, and closes them', async () => {
  show(exceptionEvent(frames.slice(0, 30)));
  await isDone();
  await userEvent.click(screen.getByRole('button', { name: /^Options/ }));
  await userEvent.click(screen.getByRole('button', { name: 'Expand all frames', hidden: true }));
  expect(list()).toHaveAttribute('aria-busy', 'true');
  expect(opened().length).toBeLessThan(30);
  await isDone();
  expect(opened()).toHaveLength(30);
  await userEvent.click(screen.getByRole('button', { name: /^Options/ }));
  await userEvent.click(screen.getByRole('button', { name: 'Collapse all frames', hidden: true }));
  await isDone();
  expect(opened()).toHaveLength(0);
}, 30_000);

it('opens every frame of a trace by a chevron with Shift, and closes them by another', async () => {
  show(exceptionEvent(frames.slice(0, 12)));
  await isDone();
  const user = userEvent.setup();
  const [second] = screen.getAllByRole('button', { name: 'Toggle Context', expanded: false });
  if (!second) throw new Error('No frame is closed.');
  await user.keyboard('{Shift>}');
  await user.click(second);
  await user.keyboard('{/Shift}');
  await isDone();
  expect(opened()).toHaveLength(12);
  await user.keyboard('{Shift>}');
  await user.click(second);
  await user.keyboard('{/Shift}');
  await isDone();
  expect(opened()).toHaveLength(0);
}, 30_000);

it('shows the calls that one row stands for, each with its own variables', async () => {
  const call = (depth: number) => frame({ vars: { depth: `level ${depth}` } });
  show(exceptionEvent([call(1), call(2), call(3), frame({ lineNo: 9 })]));
  expect(screen.getAllByRole('button', { name: 'Toggle Context' })).toHaveLength(2);
  const repeats = screen.getByTitle('Frame repeated 2 times');
  expect(repeats).toHaveAttribute('aria-expanded', 'false');
  await userEvent.click(repeats);
  const chevrons = screen.getAllByRole('button', { name: 'Toggle Context' });
  expect(chevrons).toHaveLength(4);
  for (const chevron of chevrons) if (chevron.getAttribute('aria-expanded') === 'false') await userEvent.click(chevron);
  for (const depth of [1, 2, 3]) expect(list()).toHaveTextContent(`level ${depth}`);
  await userEvent.click(screen.getByTitle('Fold them into this one'));
  expect(screen.getAllByRole('button', { name: 'Toggle Context' })).toHaveLength(2);
});

it('says in its row what of a frame could not be read', async () => {
  const broken: object = { ...frame(), lineNo: 'seven' };
  show(exceptionEvent([frame(), broken as ReturnType<typeof frame>]));
  expect(await screen.findByText(/Not all of this frame could be read \(lineNo: /)).toBeVisible();
  expect(list().children).toHaveLength(2);
});
