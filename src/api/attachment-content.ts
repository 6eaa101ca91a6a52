import { queryOptions } from '@tanstack/react-query';
import { sendRequest } from './api-client.ts';
import { projectPath } from './projects.ts';

/**
 * The first bytes of a file that came with an event. They are dropped as soon as nobody looks at them: files are large.
 *
 * @param maxBytes how many are read; the rest is not waited for
 */
export const attachmentContentQuery = (project: string, eventId: string, attachmentId: string, maxBytes: number) =>
  queryOptions({
    queryKey: ['projects', project, 'event', eventId, 'attachments', attachmentId, maxBytes],
    queryFn: async ({ signal }) => {
      const path = `${projectPath(project)}/events/${encodeURIComponent(eventId)}/attachments/${encodeURIComponent(attachmentId)}/`;
      return readUpTo(await sendRequest(path, { query: { download: 1 }, signal }), maxBytes);
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

async function readUpTo(response: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  while (reader && length < maxBytes) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.length;
  }
  if (length >= maxBytes) await reader?.cancel();
  const bytes = new Uint8Array(await new Blob(chunks).arrayBuffer());
  return bytes.subarray(0, maxBytes);
}
