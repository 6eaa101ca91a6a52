import { act, fireEvent, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Shortcuts, setCharacterKeys, useShortcuts } from '../../../../src/components/shortcuts.ts';

function Part({ shortcuts }: { shortcuts: Shortcuts }) {
  useShortcuts(shortcuts);
  return null;
}

/** A page whose shortcuts write down what was pressed. */
function openParts(...parts: string[][]) {
  const done: string[] = [];
  const shortcutsOf = (keys: string[], part: number) =>
    Object.fromEntries(keys.map((key) => [key, () => void done.push(parts.length > 1 ? `${part}: ${key}` : key)]));
  render(
    <>
      {parts.map((keys, part) => (
        <Part key={keys.join()} shortcuts={shortcutsOf(keys, part)} />
      ))}
      <input aria-label="field" />
      <button type="button">button</button>
    </>,
  );
  return { done, user: userEvent.setup() };
}

afterEach(() => {
  act(() => setCharacterKeys(true));
  vi.useRealTimers();
});

describe('shortcuts', () => {
  it('are single keys, and two one after the other', async () => {
    const { done, user } = openParts(['r', 'a', 't a', 'j j', 'j k', 'H']);
    await user.keyboard('rtajjjkHa');
    expect(done).toEqual(['r', 't a', 'j j', 'j k', 'H', 'a']);
  });

  it('do nothing when the second key goes with none, so that a slip does no other thing', async () => {
    const { done, user } = openParts(['r', 't e']);
    await user.keyboard('trr');
    expect(done).toEqual(['r']);
  });

  it('forget the first key after a while', async () => {
    const { done, user } = openParts(['a', 't a']);
    await user.keyboard('t');
    await new Promise((resolve) => setTimeout(resolve, 1600));
    await user.keyboard('a');
    expect(done).toEqual(['a']);
  });

  it('of several parts know of one another; the one that came last wins', async () => {
    const { done, user } = openParts(['a', 'x'], ['t a', 'x']);
    await user.keyboard('tax');
    expect(done).toEqual(['1: t a', '1: x']);
  });

  it('stay out of fields, of dialogs, and of what Ctrl, Alt and Cmd mean', async () => {
    const { done, user } = openParts(['r', 'Enter']);
    await user.type(screen.getByLabelText('field'), 'r');
    await user.click(screen.getByRole('button'));
    await user.keyboard('{Enter}{Control>}r{/Control}{Meta>}r{/Meta}{Alt>}r{/Alt}');
    const dialog = document.body.appendChild(document.createElement('dialog'));
    dialog.open = true;
    await user.keyboard('r');
    dialog.remove();
    expect(done).toEqual([]);
    await user.keyboard('r');
    expect(done).toEqual(['r']);
  });

  it('go on while j is held down, and do the others once', () => {
    const { done } = openParts(['j', 'r']);
    for (const repeat of [false, true, true]) {
      fireEvent.keyDown(document.body, { key: 'j', repeat });
      fireEvent.keyDown(document.body, { key: 'r', repeat });
    }
    expect(done).toEqual(['j', 'r', 'j', 'j']);
  });

  it('know a letter with Ctrl or Cmd and Alt by its place, and leave AltGr alone', () => {
    const { done } = openParts(['Mod+Alt+c']);
    const press = (init: KeyboardEventInit) =>
      fireEvent.keyDown(document.body, { code: 'KeyC', altKey: true, ...init });
    press({ key: 'c', ctrlKey: true });
    press({ key: 'ç', metaKey: true });
    expect(done).toHaveLength(2);
    press({ key: 'ć', ctrlKey: true, modifierAltGraph: true });
    press({ key: 'ç' });
    expect(done).toHaveLength(2);
  });

  it('of one character can be turned off; the others stay', async () => {
    const { done, user } = openParts(['r', 't e', '?', 'ArrowDown', 'Mod+Alt+c']);
    setCharacterKeys(false);
    await user.keyboard('rte?{ArrowDown}');
    fireEvent.keyDown(document.body, { key: 'c', code: 'KeyC', ctrlKey: true, altKey: true });
    expect(done).toEqual(['ArrowDown', 'Mod+Alt+c']);
    expect(localStorage.getItem('stackmend-shortcuts')).toBe('off');
  });
});
