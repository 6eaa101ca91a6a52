import type { Event, Exception, Frame, Stacktrace } from '../../server/protocol/contract.ts';
import { framePath } from './frame-path.ts';

/** Of each stack trace so many frames, the newest (sentry-behaviour 9.7). */
const mostFrames = 16;

/**
 * The stack traces of an event as Markdown, to be pasted into a ticket or a chat: what it is, then of each exception the
 * newest frames, newest first, with source and variables. Whatever came with the event stands in code, so that none of
 * it can turn into a heading, a link or an image.
 *
 * @param exceptions in the order in which they are to stand
 * @param stacktrace of an event without exceptions
 */
export function stackTraceMarkdown(
  event: Event,
  exceptions: readonly Exception[],
  stacktrace: Stacktrace | undefined,
): string {
  const parts =
    exceptions.length > 0
      ? exceptions.map((exception) => exceptionPart(exception, event.platform))
      : [framesPart(stacktrace, event.platform)];
  return `${[headPart(event), ...parts].join('\n\n')}\n`;
}

function headPart({ title, eventID, projectID, dateCreated, tags }: Event): string {
  const rows = [
    `- Event: ${code(eventID)}`,
    `- Project: ${code(projectID)}`,
    ...(dateCreated ? [`- Date: ${code(dateCreated)}`] : []),
    ...(tags.length > 0 ? [`- Tags: ${tags.map(({ key, value }) => code(`${key}: ${value}`)).join(', ')}`] : []),
  ];
  return [`# ${code(title)}`, rows.join('\n')].join('\n\n');
}

function exceptionPart({ type, value, stacktrace }: Exception, platform: string | null | undefined): string {
  const parts = [`## ${code(type || 'Exception')}`];
  if (value) parts.push(fenced(value));
  parts.push(framesPart(stacktrace, platform));
  return parts.join('\n\n');
}

function framesPart(stacktrace: Stacktrace | null | undefined, platform: string | null | undefined): string {
  const frames = stacktrace?.frames ?? [];
  if (frames.length === 0) return 'No stack trace was sent.';
  const parts = frames
    .slice(-mostFrames)
    .reverse()
    .map((frame) => framePart(frame, platform));
  const left = frames.length - mostFrames;
  if (left > 0) parts.push(`${left} older ${left === 1 ? 'frame is' : 'frames are'} left out.`);
  return parts.join('\n\n');
}

/** `function in file [Line N, column M] (In app)`, the source with the line that ran marked, and the variables. */
function framePart(frame: Frame, platform: string | null | undefined): string {
  const { lineNo, colNo, context, vars } = frame;
  const place = lineNo ? ` [Line ${lineNo}${colNo ? `, column ${colNo}` : ''}]` : '';
  const title = `${code(frame.function || '<unknown>')} in ${code(framePath(frame, platform) ?? '<unknown>')}${place}`;
  const parts = [`### ${title} (${frame.inApp ? 'In app' : 'Not in app'})`];
  const lines = context.map(([number, text]) => {
    const mark = number === lineNo ? '  <-- suspect line' : '';
    return `${number}: ${(text ?? '').replace(/\r?\n$/, '')}${mark}`;
  });
  if (lines.length > 0) parts.push(fenced(lines.join('\n')));
  if (vars && Object.keys(vars).length > 0)
    parts.push(`Variables:\n\n${fenced(JSON.stringify(vars, null, 2), 'json')}`);
  return parts.join('\n\n');
}

/** One more backtick than the longest run within. */
const fenceFor = (text: string, least: number) =>
  '`'.repeat(Math.max(least - 1, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length)) + 1);

function fenced(text: string, language = ''): string {
  const fence = fenceFor(text, 3);
  return `${fence}${language}\n${text}\n${fence}`;
}

function code(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim() || ' ';
  const fence = fenceFor(line, 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return fence + pad + line + pad + fence;
}
