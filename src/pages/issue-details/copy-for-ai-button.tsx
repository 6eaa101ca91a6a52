import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Event, Issue } from '../../../server/protocol/contract.ts';
import { suggestPayloadQuery, toFailure } from '../../api/suggest.ts';
import { Button } from '../../components/button.tsx';
import { formatExact } from '../../components/numbers.ts';
import { useShortcuts } from '../../components/shortcuts.ts';
import { useToast } from '../../components/toast.tsx';

/**
 * Copies what the model would be told of the event, as Markdown for a chat of the reader's own. It needs no model: the
 * server describes and redacts, and nothing leaves it but to the clipboard.
 */
export function CopyForAiButton({ issue, event }: { issue: Issue; event: Event }) {
  const copy = useCopyForAi(issue, event);
  const [isCopying, setCopying] = useState(false);
  const run = async () => {
    if (isCopying) return;
    setCopying(true);
    await copy();
    setCopying(false);
  };
  useShortcuts({ 'Mod+Alt+c': () => void run() });
  return (
    <Button
      look="quiet"
      aria-disabled={isCopying || undefined}
      title="Copy what the model would be told, redacted, as Markdown (Ctrl or ⌘ + Alt + C)"
      onClick={run}
    >
      Copy for AI
    </Button>
  );
}

/** Never rejects: what went wrong is said. */
function useCopyForAi(issue: Issue, event: Event): () => Promise<void> {
  const queryClient = useQueryClient();
  const toast = useToast();
  const copy = async () => {
    const query = suggestPayloadQuery({ project: issue.project.slug, eventId: event.eventID });
    const loaded = await Promise.all([queryClient.fetchQuery(query), import('./copy-for-ai.ts')]).catch(toFailure);
    if (loaded instanceof Error) {
      toast({ kind: 'error', message: `Nothing was copied: ${loaded.message}` });
      return;
    }
    const [payload, { markdownForAi }] = loaded;
    const permalink = new URL(`/issues/${issue.id}/events/${event.eventID}/`, window.location.href).href;
    const copied = markdownForAi(payload, issue.shortId, permalink);
    if (!copied) {
      toast({ kind: 'error', message: 'Nothing was copied: the server described no event.' });
      return;
    }
    try {
      await navigator.clipboard.writeText(copied.markdown);
    } catch {
      // Some browsers want a press of its own once the text had to be fetched; by now it is here.
      toast({
        kind: 'error',
        message: 'The browser did not allow copying.',
        action: { label: 'Copy again', run: () => void copy() },
      });
      return;
    }
    const redacted = payload.redacted.length > 0 ? payload.redacted.join(', ') : 'nothing was found to redact';
    toast({
      message: `Copied ${issue.shortId}, event ${event.eventID.slice(0, 8)}, as Markdown for an AI: about ${formatExact(copied.tokens)} tokens; ${redacted}.`,
    });
  };
  return copy;
}
