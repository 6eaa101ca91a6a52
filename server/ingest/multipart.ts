import { MIMEType } from 'node:util';
import { BadRequestError } from '../protocol/errors.ts';

/** One part of a form, in the order of the body. */
export type Part = {
  name: string;
  /** Null: a field, not a file. */
  filename: string | null;
  contentType: string | null;
  /** A view of the body's own bytes, not a copy. */
  data: Buffer;
};

/** Chromium's Crashpad annotates its dumps with about a hundred fields. */
const MAX_PARTS = 500;
const MAX_HEAD_BYTES = 8 * 1024;
const MAX_HEADS_BYTES = 256 * 1024;
/** RFC 2046, 5.1.1. */
const BOUNDARY = /^[\w'()+,\-./:=? ]{1,70}$/;

type Span = { head: Buffer; data: Buffer };

/** Is the body a form, as its Content-Type says? */
export function isMultipart(contentType: string | undefined): boolean {
  return /^\s*multipart\/form-data\b/i.test(contentType ?? '');
}

/**
 * Splits a form (RFC 7578) into its parts. The heads are read by Node's own parser. It is given nothing else: of a whole
 * body it makes three to six copies, and hostile heads keep it busy for seconds.
 *
 * @param body whole and unpacked; the caller has already capped it
 * @throws {BadRequestError} no boundary, or a form that was cut, has a part without name, too many parts or too long heads
 */
export async function parseMultipart(body: Buffer, contentType: string | undefined): Promise<Part[]> {
  const boundary = boundaryOf(contentType);
  const spans = split(body, boundary);
  const form = await readHeads(spans, boundary);
  return form.map(([name, value], index) => {
    const isFile = typeof value !== 'string';
    return {
      name,
      filename: isFile ? value.name : null,
      contentType: isFile && value.type !== '' ? value.type : null,
      data: spans[index]?.data ?? Buffer.alloc(0),
    };
  });
}

function boundaryOf(contentType: string | undefined): string {
  let boundary: string | null = null;
  try {
    boundary = new MIMEType(contentType ?? '').params.get('boundary');
  } catch {
    // Said below.
  }
  if (boundary && BOUNDARY.test(boundary)) return boundary;
  throw new BadRequestError('The Content-Type must be multipart/form-data with its boundary.');
}

function split(body: Buffer, boundary: string): Span[] {
  const spans: Span[] = [];
  let heads = 0;
  let delimiter = nextDelimiter(body, boundary, 0);
  while (!delimiter.isLast) {
    const next = nextDelimiter(body, boundary, delimiter.end - 2);
    const headEnd = body.indexOf('\r\n\r\n', delimiter.end - 2);
    if (headEnd === -1 || headEnd + 4 > next.start) throw new BadRequestError('A part of the form has no head.');
    const head = body.subarray(delimiter.end, Math.max(delimiter.end, headEnd));
    heads += head.byteLength;
    if (head.byteLength > MAX_HEAD_BYTES || heads > MAX_HEADS_BYTES) {
      throw new BadRequestError('The parts of the form have too long heads.');
    }
    if (spans.length === MAX_PARTS) throw new BadRequestError(`The form has more than ${MAX_PARTS} parts.`);
    spans.push({ head, data: body.subarray(headEnd + 4, next.start) });
    delimiter = next;
  }
  return spans;
}

/** The line between two parts: from the line break before it, up to and with the one after it. */
type Delimiter = { start: number; end: number; isLast: boolean };

/** @throws {BadRequestError} there is none any more, so that the form was cut */
function nextDelimiter(body: Buffer, boundary: string, from: number): Delimiter {
  const mark = `--${boundary}`;
  for (let at = body.indexOf(mark, from); at !== -1; at = body.indexOf(mark, at + mark.length)) {
    const isAtLineStart = at === 0 || (body[at - 1] === 0x0a && body[at - 2] === 0x0d);
    let end = at + mark.length;
    const isLast = body[end] === 0x2d && body[end + 1] === 0x2d;
    while (body[end] === 0x20 || body[end] === 0x09) end += 1;
    if (isAtLineStart && (isLast || (body[end] === 0x0d && body[end + 1] === 0x0a))) {
      return { start: Math.max(0, at - 2), end: end + 2, isLast };
    }
  }
  throw new BadRequestError('The form has no last boundary. Was it cut?');
}

async function readHeads(spans: Span[], boundary: string): Promise<[string, string | File][]> {
  const pieces = spans.flatMap(({ head }) => [Buffer.from(`--${boundary}\r\n`), head, Buffer.from('\r\n\r\n\r\n')]);
  const form = new Response(Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]), {
    headers: { 'Content-Type': `multipart/form-data; boundary="${boundary}"` },
  });
  try {
    const entries = [...(await form.formData())];
    if (entries.length === spans.length) return entries;
  } catch (cause) {
    throw new BadRequestError('The head of a part of the form cannot be read.', { cause });
  }
  throw new BadRequestError('The head of a part of the form cannot be read.');
}
