import type { Exception, Frame, Stacktrace } from '../../server/protocol/contract.ts';
import { platformOf } from './frame-details.ts';
import { packageName } from './frame-path.ts';

export type RawInput = {
  stacktrace: Stacktrace | null | undefined;
  exception?: Pick<Exception, 'type' | 'value' | 'module'> | null;
  platform: string | null;
};

/** Writes a frame as the language's own stack traces do; `position` counts from the newest frame. */
type Style = {
  head: (exception: NonNullable<RawInput['exception']>) => string;
  frame: (frame: Frame, position: number) => string;
  /** Python tells the oldest frame first, and the exception last. */
  isOldestFirst?: boolean;
};

const unknown = '<unknown>';
const named = ({ type, value }: NonNullable<RawInput['exception']>) =>
  type && value ? `${type}: ${value}` : type || value || 'Error';
const at = (frame: Frame, separator = ':') =>
  [frame.lineNo, frame.colNo]
    .filter((number) => number && number > 0)
    .reduce((text, number) => `${text}${separator}${number}`, '');
const file = (frame: Frame) => frame.filename || frame.absPath || frame.module || unknown;

function pythonFrame(frame: Frame): string {
  const source = frame.context.find(([line]) => line === frame.lineNo)?.[1];
  const line = frame.lineNo ? `, line ${frame.lineNo}` : '';
  const code = source?.trim() ? `\n    ${source.trim()}` : '';
  return `  File "${file(frame)}"${line}, in ${frame.function || unknown}${code}`;
}

function scriptFrame(frame: Frame): string {
  const place = `${frame.absPath || file(frame)}${at(frame)}`;
  return frame.function ? `    at ${frame.function} (${place})` : `    at ${place}`;
}

function javaFrame(frame: Frame): string {
  const line = frame.lineNo && frame.lineNo > 0 ? `:${frame.lineNo}` : '';
  const place = frame.filename ? `${frame.filename}${line}` : 'Unknown Source';
  return `    at ${[frame.module, frame.function || unknown].filter(Boolean).join('.')}(${place})`;
}

function csharpFrame(frame: Frame): string {
  const method = [frame.module, csharpMethod(frame)].filter(Boolean).join('.');
  const line = frame.lineNo ? `:line ${frame.lineNo}` : '';
  return `   at ${method}${frame.filename ? ` in ${frame.filename}${line}` : ''}`;
}

/** The SDK may send the declaration, `async Task Till.Pay(int amount)`, of which .NET prints `Pay(int amount)`. */
function csharpMethod({ function: declared, module }: Frame): string {
  const [head = '', ...parameters] = (declared || unknown).split(/(?=\()/);
  const name = head.slice(head.trimEnd().lastIndexOf(' ') + 1);
  const owner = `${module?.split('.').at(-1)}.`;
  return (name.startsWith(owner) ? name.slice(owner.length) : name) + parameters.join('');
}

function goFrame(frame: Frame): string {
  const name = [frame.module, frame.function || unknown].filter(Boolean).join('.');
  return `${name}(...)\n\t${frame.absPath || file(frame)}${at({ ...frame, colNo: null })}`;
}

function nativeFrame(frame: Frame, position: number): string {
  const image = packageName(frame.package ?? unknown).padEnd(24);
  const name = frame.function || frame.symbol || unknown;
  const place = frame.filename ? ` (${frame.filename}${at({ ...frame, colNo: null })})` : '';
  const offset = offsetOf(frame);
  return `${String(position).padEnd(4)}${image} ${(frame.instructionAddr ?? '').padEnd(18)} ${name}${offset}${place}`;
}

/** As a panic prints it with `RUST_BACKTRACE=1`. */
function rustFrame(frame: Frame, position: number): string {
  const name = frame.function || frame.symbol || frame.instructionAddr || unknown;
  const place = frame.filename ? `\n             at ${frame.absPath || frame.filename}${at(frame)}` : '';
  return `${String(position).padStart(4)}: ${name}${place}`;
}

/** ` + 12`: how far into the function the address is. */
function offsetOf({ instructionAddr, symbolAddr }: Frame): string {
  const [address, symbol] = [instructionAddr, symbolAddr].map((text) =>
    /^0x[0-9a-f]{1,32}$/i.test(text ?? '') ? BigInt(text ?? 0) : null,
  );
  return typeof address === 'bigint' && typeof symbol === 'bigint' && address > symbol ? ` + ${address - symbol}` : '';
}

const python: Style = { head: (exception) => named(withModule(exception)), frame: pythonFrame, isOldestFirst: true };
const java: Style = { head: (exception) => named(withModule(exception)), frame: javaFrame };
const native: Style = { head: named, frame: nativeFrame };
const script: Style = { head: named, frame: scriptFrame };

const styles: Record<string, Style> = {
  python,
  java,
  native,
  objc: native,
  cocoa: native,
  c: native,
  rust: { head: named, frame: rustFrame },
  csharp: { head: (exception) => named(withModule(exception)), frame: csharpFrame },
  go: { head: ({ type, value }) => `panic: ${value || type || ''}`, frame: goFrame },
  ruby: {
    head: ({ type, value }) => `${value || ''}${type ? ` (${type})` : ''}`,
    frame: (frame) => `    from ${file(frame)}${at({ ...frame, colNo: null })}:in \`${frame.function || unknown}'`,
  },
  php: {
    head: ({ type, value }) => `PHP Fatal error: Uncaught ${named({ type, value })}\nStack trace:`,
    frame: (frame, position) =>
      `#${position} ${file(frame)}${frame.lineNo ? `(${frame.lineNo})` : ''}: ${frame.function || unknown}()`,
  },
};

/** Python and Java name a class with its module, unless the type has it already; a .NET assembly's full name is no part of it. */
function withModule(exception: NonNullable<RawInput['exception']>): NonNullable<RawInput['exception']> {
  const { type, module } = exception;
  const isPlain =
    !module ||
    !type ||
    module.includes(',') ||
    type.startsWith(`${module}.`) ||
    module === 'builtins' ||
    module === '__builtin__';
  return isPlain ? exception : { ...exception, type: `${module}.${type}` };
}

function styleOf(platform: string): Style {
  return Object.hasOwn(styles, platform) ? (styles[platform] ?? script) : script;
}

/** One stack trace as the text that its language would have printed. */
export function rawStacktrace({ stacktrace, exception, platform }: RawInput): string {
  const frames = stacktrace?.frames ?? [];
  const style = styleOf(platformOf({ platform: null }, platform));
  const lines = frames.map((frame, index) =>
    styleOf(platformOf(frame, platform)).frame(frame, frames.length - 1 - index),
  );
  if (!style.isOldestFirst) lines.reverse();
  const head = exception ? [style.head(exception)] : [];
  if (!style.isOldestFirst) return [...head, ...lines].join('\n');
  return [...(lines.length > 0 ? ['Traceback (most recent call last):'] : []), ...lines, ...head].join('\n');
}

/** Several exceptions in the order given, a blank line between. */
export function rawExceptions(exceptions: readonly Exception[], platform: string | null): string {
  return exceptions
    .map((exception) => rawStacktrace({ stacktrace: exception.stacktrace, exception, platform }))
    .join('\n\n');
}
