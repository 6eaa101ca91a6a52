import { render, screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { CodeBlock } from '../../../../src/highlight/code-block.tsx';

it('shows code at once, and its colours when the grammar has come', async () => {
  render(<CodeBlock code={'def f():\n    return 1\n'} language="py" label="Patch" />);
  expect(screen.getByRole('region', { name: 'Patch' }).textContent).toBe('def f():\n    return 1');
  await vi.waitFor(() => expect(screen.getByText('def').tagName).toBe('SPAN'));
});

it('shows a megabyte of code as one plain text', () => {
  const code = '{"a": 1}\n'.repeat(120_000);
  const { container } = render(<CodeBlock code={code} language="json" />);
  expect(container.textContent).toBe(code);
  expect(container.querySelectorAll('span')).toHaveLength(0);
});

it('shows hostile code as text, in a language nobody knows', () => {
  const code = '<img src=x onerror=alert(1)>\u202e';
  const { container } = render(<CodeBlock code={code} language="__proto__" />);
  expect(container.textContent).toBe(code);
  expect(container.querySelector('img')).toBeNull();
});
