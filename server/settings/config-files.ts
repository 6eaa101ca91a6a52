import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { ConfigurationError } from '../protocol/errors.ts';

const YAML_NAME = 'config.yml';
const CODE_NAME = 'stackmend.conf.ts';

export type ConfigFile = { name: string; path: string; values: Record<string, unknown> };

/** @returns path of a file that configures this directory, if there is one */
export const findConfiguration = (directory: string): string | null =>
  [YAML_NAME, CODE_NAME].map((name) => join(directory, name)).find((path) => existsSync(path)) ?? null;

/**
 * Reads `config.yml` and `stackmend.conf.ts`, one of which is enough. The later of the result beats the earlier: code
 * was written because lines were not enough.
 *
 * @throws {ConfigurationError} neither is there, malformed YAML (with line and column), code that throws or may not be run
 */
export async function readConfigFiles(directory: string): Promise<ConfigFile[]> {
  const yaml = readYamlFile(join(directory, YAML_NAME));
  const code = await importCodeFile(join(directory, CODE_NAME));
  const files = [yaml, code].filter((file) => file !== null);
  if (files.length > 0) return files;
  throw new ConfigurationError(
    `There is no configuration at ${join(directory, YAML_NAME)}. Make one with: stackmend init`,
  );
}

function readYamlFile(path: string): ConfigFile | null {
  const text = unlessMissing(path, () => readFileSync(path, 'utf8'));
  if (text === null) return null;
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const fault = document.errors[0];
  if (fault) {
    const { line, col } = lineCounter.linePos(fault.pos[0]);
    throw new ConfigurationError(`${path}, line ${line}, column ${col}: ${firstLine(fault.message)}`);
  }
  const value = toValue(document, path) ?? {};
  if (!isPlain(value)) throw new ConfigurationError(`${path}: expected lines such as "http.port: 8765".`);
  return { name: YAML_NAME, path, values: { ...value } };
}

function toValue(document: Document, path: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    throw new ConfigurationError(`${path}: ${cause instanceof Error ? cause.message : cause}.`, { cause });
  }
}

/** The file is run with all rights of the server: it must be its user's own, and nobody else may write to it. */
async function importCodeFile(path: string): Promise<ConfigFile | null> {
  const stat = unlessMissing(path, () => statSync(path));
  if (stat === null) return null;
  // Windows has no owner to compare.
  const user = process.getuid?.();
  if (user !== undefined && (stat.uid !== user || (stat.mode & 0o002) !== 0)) {
    throw new ConfigurationError(
      `${path} is not run: it belongs to another user, or every user may write to it. Make it yours: chown $USER and chmod o-w.`,
    );
  }
  const values = await importDefault(path, stat.mtimeMs);
  if (!isPlain(values)) {
    throw new ConfigurationError(`${path}: expected \`export default { 'http.port': 8765 }\`, an object of options.`);
  }
  // `'openai.api-key': process.env.MY_KEY` without that variable is how code says "not set".
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return { name: CODE_NAME, path, values: Object.fromEntries(given) };
}

async function importDefault(path: string, version: number): Promise<unknown> {
  try {
    // Node remembers a module that threw: a mended file has another time, and so another address.
    const module: { default?: unknown } = await import(/* @vite-ignore */ `${pathToFileURL(path).href}?${version}`);
    return module.default;
  } catch (cause) {
    const reason = firstLine(cause instanceof Error ? cause.message : String(cause));
    throw new ConfigurationError(`${path} cannot be run: ${reason}`, { cause });
  }
}

function unlessMissing<T>(path: string, read: () => T): T | null {
  try {
    return read();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : '';
    if (code === 'ENOENT') return null;
    throw new ConfigurationError(`${path} cannot be read (${code}).`, { cause });
  }
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const firstLine = (text: string) => text.trim().split('\n', 1)[0] ?? '';
