import { act, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Section } from '../../../../src/components/section.tsx';

afterEach(() => window.history.replaceState(null, '', '/'));

const fold = (name: string) => screen.getByRole('button', { name });

describe('a section', () => {
  it('is a landmark with a heading that folds it, and stays folded', async () => {
    const user = userEvent.setup();
    const section = (
      <Section id="tags" title="Tags" aside="3">
        <p>browser</p>
      </Section>
    );
    const { unmount } = render(section);
    expect(screen.getByRole('region', { name: 'Tags' })).toHaveTextContent('browser');
    expect(screen.getByRole('heading', { level: 2, name: 'Tags' })).toBeVisible();
    await user.click(fold('Tags'));
    expect(screen.queryByText('browser')).toBeNull();
    unmount();
    render(section);
    expect(fold('Tags')).toHaveAttribute('aria-expanded', 'false');
  });

  it('opens when an address names it', () => {
    localStorage.setItem('stackmend-section-tags', '0');
    render(
      <Section id="tags" title="Tags">
        <p>browser</p>
      </Section>,
    );
    expect(screen.queryByText('browser')).toBeNull();
    window.history.replaceState(null, '', '/#tags');
    act(() => void window.dispatchEvent(new HashChangeEvent('hashchange')));
    expect(screen.getByText('browser')).toBeVisible();
  });

  it('that cannot be drawn says so, leaves the others alone, and can be tried again', async () => {
    // React itself reports what a boundary caught.
    vi.mocked(console.error).mockImplementation(() => {});
    const user = userEvent.setup();
    let fails = true;
    const Part = () => {
      if (fails) throw new Error('no such context');
      return <p>drawn</p>;
    };
    render(
      <>
        <Section id="contexts" title="Contexts">
          <Part />
        </Section>
        <Section id="tags" title="Tags">
          <p>browser</p>
        </Section>
      </>,
    );
    expect(screen.getByRole('alert')).toHaveTextContent('Contexts could not be shown: no such context');
    expect(screen.getByText('browser')).toBeVisible();
    fails = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(screen.getByText('drawn')).toBeVisible();
  });
});
