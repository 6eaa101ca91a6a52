import { screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { exceptionEvent, frame, serveLinks, show } from './make-event.tsx';

serveLinks();

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
