import { useCallback } from 'react';
import { useToast } from '../components/toast.tsx';

/** What is written by code of its own cannot be, once the server was renewed or is gone. */
const missingPart = 'a part of the page could not be fetched. Load the page anew if the server was renewed meanwhile.';

/** Copies a text, also one that is still made, and says so, for what has no button of its own to say it on. Never rejects. */
export function useCopy(): (text: string | Promise<string>, what: string) => Promise<void> {
  const toast = useToast();
  return useCallback(
    async (asked, what) => {
      let text: string;
      try {
        text = await asked;
      } catch {
        toast({ message: `Nothing was copied: ${missingPart}`, kind: 'error' });
        return;
      }
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
