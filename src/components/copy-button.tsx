import { useEffect, useState } from 'react';
import { Button } from './button.tsx';
import type { IconName } from './icon.tsx';

type State = 'ready' | 'copied' | 'failed';
const icons: Record<State, IconName> = { ready: 'copy', copied: 'check', failed: 'warning' };

/**
 * Copies a text and says so for two seconds. Without the clipboard (a page over plain HTTP on another host) it says why.
 *
 * @param label what is copied, for the button's name: "Copy DSN"
 * @param text the text, or a function for one that is costly to make
 */
export function CopyButton({
  label,
  text,
  children,
}: {
  label: string;
  text: string | (() => string);
  children?: string;
}) {
  const [state, setState] = useState<State>('ready');
  useEffect(() => {
    if (state === 'ready') return;
    const timer = setTimeout(() => setState('ready'), 2000);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(typeof text === 'function' ? text() : text);
      setState('copied');
    } catch {
      setState('failed');
    }
  };
  const words = { ready: label, copied: 'Copied', failed: 'The browser does not allow copying here' }[state];
  return (
    <Button look={children ? 'normal' : 'quiet'} icon={icons[state]} aria-label={words} title={words} onClick={copy}>
      {children && (state === 'ready' ? children : words)}
    </Button>
  );
}
