import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { Button } from '../../../../src/components/button.tsx';

const whyNot = 'You need the permission event:write.';

it('does nothing when it may not be used, but is in reach and says why', async () => {
  const onClick = vi.fn();
  const onSubmit = vi.fn((event) => event.preventDefault());
  render(
    <form onSubmit={onSubmit}>
      <Button type="submit" disabled whyNot={whyNot} onClick={onClick}>
        Resolve
      </Button>
    </form>,
  );
  const user = userEvent.setup();
  const button = screen.getByRole('button', { name: 'Resolve' });
  expect(button).toHaveAttribute('aria-disabled', 'true');
  expect(button).toHaveAccessibleDescription(whyNot);
  await user.tab();
  expect(button).toHaveFocus();
  expect(screen.getByRole('tooltip', { hidden: true })).toHaveTextContent(whyNot);
  await user.keyboard('{Enter} ');
  await user.click(button);
  expect(onClick).not.toHaveBeenCalled();
  expect(onSubmit).not.toHaveBeenCalled();
  await user.keyboard('{Escape}');
  expect(screen.queryByRole('tooltip', { hidden: true })).toBeNull();
});

it('says why on a tap, too, where that gives no focus', async () => {
  render(<Button whyNot={whyNot} icon="trash" aria-label="Delete" />);
  screen.getByRole('button', { name: 'Delete' }).click();
  expect(await screen.findByRole('tooltip', { hidden: true })).toHaveTextContent(whyNot);
});

it('is a button as any other without a reason', async () => {
  const onClick = vi.fn();
  render(
    <Button whyNot={null} onClick={onClick}>
      Resolve
    </Button>,
  );
  const button = screen.getByRole('button', { name: 'Resolve' });
  expect(button).not.toHaveAttribute('aria-disabled');
  await userEvent.setup().click(button);
  expect(onClick).toHaveBeenCalledOnce();
});
