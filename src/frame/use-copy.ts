import { useCallback } from 'react';
import { useToast } from '../components/toast.tsx';

/** Copies a text and says so, for what has no button of its own to say it on. Never rejects. */
export function useCopy(): (text: string, what: string) => Promise<void> {
  const toast = useToast();
  return useCallback(
    async (text, what) => {
      try {
        await navigator.clipboard.writeText(text);
        toast({ message: `Copied ${what}.` });
      } catch {
        toast({ message: 'The browser does not allow copying here.', kind: 'error' });
      }
    },
    [toast],
  );
}
