/**
 * Tells what grouper v1 made its hashes of. It walks the event as v1 does, with v1's own parts, and says of each piece what
 * became of it. It decides nothing: `explainV1` gives only what comes out as v1's own lines.
 */
import type { StoredException, StoredFrame, StoredStacktrace } from '../../protocol/event.ts';
import { resolveFingerprint } from './fingerprint.ts';
import {
  framePart,
  type GroupableEvent,
  type GroupVariant,
  groupV1,
  type Image,
  imagesOf,
  ownFrames,
  threadStacktrace,
  typeName,
  valuePart,
  type Which,
} from './v1.ts';

/** One piece of an event. `line` is what was hashed of it; null: nothing, and `hint` says why. */
type Piece = { name: string; value: string; line: string | null; hint: string | null };
/** One hash. Of its pieces, those that contribute are its lines, in order. */
export type Explained = {
  hash: string;
  description: string;
  parts: { name: string; value: string; contributes: boolean; hint: string | null }[];
};

const DESCRIPTIONS: Record<GroupVariant['name'], string> = {
  fingerprint: 'By the fingerprint that the SDK sent',
  app: "By the exceptions and the program's own frames",
  system: 'By the exceptions and all frames',
  message: 'By the message, without its values',
  fallback: 'By the platform, as nothing else tells this event from others',
};

/** Every way in which v1 groups the event. */
export function explainV1(event: GroupableEvent): Explained[] {
  return groupV1(event).variants.map((variant, index) => {
    const pieces = piecesOf(event, variant, index);
    const lines = pieces.flatMap(({ line }) => line ?? []);
    const isWhole = lines.length === variant.parts.length && lines.every((line, at) => line === variant.parts[at]);
    return {
      hash: variant.hash,
      description: DESCRIPTIONS[variant.name],
      parts: (isWhole ? pieces : variant.parts.map(toPiece)).map(({ name, value, line, hint }) => ({
        name,
        value,
        contributes: line !== null,
        hint,
      })),
    };
  });
}

/** `frame: pay in cart.py` is a frame. */
function toPiece(line: string): Piece {
  const [name = ''] = line.split(': ', 1);
  return { name, value: line.slice(name.length + 2), line, hint: null };
}

const left = (name: string, value: string, hint: string): Piece => ({ name, value, line: null, hint });

function piecesOf(event: GroupableEvent, variant: GroupVariant, index: number): Piece[] {
  const { name, parts } = variant;
  if (name === 'app' || name === 'system') return stackPieces(event, name);
  if (name !== 'fingerprint') return [...stackPieces(event, 'system'), ...parts.map(toPiece)];
  const own = defaultsOf(event);
  const fingerprint = resolveFingerprint(event) ?? [];
  const hasDefault = fingerprint.includes(null);
  const pieces = fingerprint.flatMap((part): Piece[] => {
    if (part === null) return own[index] ?? [];
    return [toPiece(`fingerprint: ${part}`)];
  });
  return hasDefault ? pieces : [...pieces, ...withoutLines(own[0] ?? [], 'ignored: the fingerprint takes its place')];
}

/** The pieces of each way that v1 takes where there is no fingerprint, in its order. */
function defaultsOf(event: GroupableEvent): Piece[][] {
  return groupV1({ ...event, fingerprint: null }).variants.map((variant, index) =>
    piecesOf({ ...event, fingerprint: null }, variant, index),
  );
}

function withoutLines(pieces: Piece[], hint: string): Piece[] {
  return pieces.map((piece) => (piece.line === null ? piece : { ...piece, line: null, hint }));
}

function stackPieces(event: GroupableEvent, which: Which): Piece[] {
  const images = imagesOf(event);
  const chain = event.exception?.values ?? [];
  const links = chain.map((exception) => exceptionPieces(exception, event, which, images));
  const isFound = links.some((pieces) => pieces.some(({ line }) => line !== null));
  const isGroup = chain.some(({ mechanism }) => mechanism?.is_exception_group);
  const ofExceptions = (isFound && isGroup ? withoutTwins(links) : links).flat();
  if (isFound) return ofExceptions;
  return [...ofExceptions, ...framePieces(event.stacktrace ?? threadStacktrace(event), event, which, images)];
}

/** Of members that are alike, v1 takes the last one, in the place of the first. */
function withoutTwins(links: Piece[][]): Piece[][] {
  const seen = new Set<string>();
  return links.map((pieces) => {
    const text = pieces.flatMap(({ line }) => line ?? []).join('\n');
    if (seen.has(text)) return withoutLines(pieces, 'ignored: like another member of the exception group');
    seen.add(text);
    return pieces;
  });
}

function exceptionPieces(exception: StoredException, event: GroupableEvent, which: Which, images: Image[]): Piece[] {
  const frames = framePieces(exception.stacktrace, event, which, images);
  const hasFrames = frames.some(({ line }) => line !== null);
  const type = exception.type ? [toPiece(`type: ${typeName(exception.type)}`)] : [];
  const value = valuePart(exception).map(toPiece);
  if (!hasFrames) return [...type, ...value, ...frames];
  if (!exception.type) return [...value, ...frames];
  return [
    ...(exception.mechanism?.synthetic ? withoutLines(type, "ignored: the SDK's own, the same for every crash") : type),
    ...withoutLines(value, 'ignored: the type and the frames tell more'),
    ...frames,
  ];
}

function framePieces(
  stacktrace: StoredStacktrace | null | undefined,
  event: GroupableEvent,
  which: Which,
  images: Image[],
): Piece[] {
  const frames = stacktrace?.frames ?? [];
  const chosen = new Set(which === 'app' ? ownFrames(frames) : frames);
  let last: string | null = null;
  return frames.map((frame) => {
    const line = framePart(frame, event.platform, images);
    const value = line === null ? describeFrame(frame) : line.slice('frame: '.length);
    if (!chosen.has(frame))
      return left('frame', value, frame.in_app === false ? 'not in app' : 'not said to be in app');
    if (line === null) return left('frame', value, 'says nothing of its own');
    if (line === last) return left('frame', value, 'ignored: repeats the frame above');
    last = line;
    return toPiece(line);
  });
}

/** Longer names are cut: they are for people to read. */
const MAX_NAME = 200;

function describeFrame(frame: StoredFrame): string {
  const place = frame.module || frame.filename || frame.abs_path || frame.package || '?';
  return `${(frame.function || '?').slice(0, MAX_NAME)} in ${place.slice(-MAX_NAME)}`;
}
