import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { OutsideMark } from '../../../../src/components/outside-mark.tsx';

it('says in words what it marks, and adds nothing to the text beside it', () => {
  const { container } = render(
    <p>
      no such order <OutsideMark what="Message" />
    </p>,
  );
  expect(screen.getByRole('img', { name: 'Message: somebody from outside could have written this' })).toBeVisible();
  expect(container.textContent).toBe('no such order ');
});
