import type { Request } from 'express';
import { ForbiddenError } from '../protocol/errors.ts';

/** A refusal that a person may meet in the place of a page: what to do stands in its message, commands in backticks. */
export class RefusedError extends ForbiddenError {
  readonly title: string;

  constructor(title: string, message: string) {
    super(message);
    this.title = title;
  }
}

/** Does somebody look at the answer? Programs, and the page itself, read JSON. */
export const isForPeople = (req: Request): boolean =>
  (req.method === 'GET' || req.method === 'HEAD') &&
  !req.path.startsWith('/api/') &&
  req.accepts(['json', 'html']) === 'html';

/** By itself: where it is shown, the page's own files may be out of reach. */
export const refusalPage = ({ title, message }: RefusedError): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Stackmend: ${escapeHtml(title)}</title>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(message).replaceAll(/`([^`]+)`/g, '<code>$1</code>')}</p>
</html>
`;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeHtml = (text: string) => text.replaceAll(/[&<>"]/g, (sign) => ENTITIES[sign] ?? '');
