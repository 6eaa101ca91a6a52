import { lazy, Suspense } from 'react';
import { useShortcuts } from '../components/shortcuts.ts';

const ShortcutSheet = lazy(async () => ({
  default: (await import('../components/shortcut-sheet.tsx')).ShortcutSheet,
}));

/** The sheet of all keys, and `?` that opens it from every page. */
export function ShortcutHelp({
  isOpen,
  onOpen,
  onClose,
}: {
  isOpen: boolean;
  onOpen: () => void;
  onClose: () => void;
}) {
  useShortcuts({ '?': onOpen });
  if (!isOpen) return null;
  return (
    <Suspense>
      <ShortcutSheet onClose={onClose} />
    </Suspense>
  );
}
