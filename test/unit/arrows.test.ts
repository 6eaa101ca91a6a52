import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/** Who may import whom, room by room. A room's own files may import one another. */
const ROOMS: Record<string, string[]> = {
  'server/protocol': [],
  'server/settings': ['server/protocol'],
  'server/metrics': ['server/protocol'],
  'server/storage': ['server/protocol'],
  'server/samples': ['server/protocol'],
  'server/backends': ['server/storage', 'server/protocol', 'server/metrics'],
  'server/limits': ['server/storage', 'server/protocol'],
  'server/auth': ['server/limits', 'server/storage', 'server/protocol'],
  'server/sdk': ['server/metrics', 'server/protocol'],
  'server/artifacts': ['server/storage', 'server/protocol'],
  'server/source': ['server/storage', 'server/protocol'],
  'server/coverage': ['server/source', 'server/storage', 'server/protocol'],
  'server/ingest': ['server/limits', 'server/storage', 'server/protocol', 'server/metrics'],
  'server/digest': ['server/artifacts', 'server/backends', 'server/storage', 'server/protocol', 'server/metrics'],
  'server/ai': [
    'server/backends',
    'server/coverage',
    'server/limits',
    'server/source',
    'server/storage',
    'server/protocol',
    'server/metrics',
  ],
  'server/api': [
    'server/ai',
    'server/artifacts',
    'server/auth',
    'server/backends',
    'server/coverage',
    'server/digest',
    'server/limits',
    'server/metrics',
    'server/samples',
    'server/settings',
    'server/source',
    'server/storage',
    'server/protocol',
  ],
  'server/http': ['server/api', 'server/auth', 'server/ingest', 'server/metrics', 'server/protocol'],
  'server/runner': [
    'server/ai',
    'server/api',
    'server/artifacts',
    'server/auth',
    'server/backends',
    'server/coverage',
    'server/digest',
    'server/http',
    'server/ingest',
    'server/limits',
    'server/metrics',
    'server/samples',
    'server/sdk',
    'server/settings',
    'server/source',
    'server/storage',
    'server/protocol',
  ],
  'server/commands': ['server/runner', 'server/api', 'server/protocol'],
  server: ['server/commands', 'server/runner', 'server/protocol'],
  'src/api': ['server/protocol/contract.ts', 'server/protocol/contract-source.ts'],
  'src/components': [],
  'src/highlight': [],
  'src/frame': ['src/components', 'src/highlight', 'src/api', 'server/protocol/contract.ts'],
  'src/suggestFix': ['src/components', 'src/highlight', 'src/api', 'server/protocol/contract.ts'],
  'src/pages': [
    'src/frame',
    'src/suggestFix',
    'src/components',
    'src/highlight',
    'src/api',
    'server/protocol/contract.ts',
  ],
  'src/app': ['src/pages', 'src/components', 'src/api', 'server/protocol/contract.ts'],
  src: ['src/app', 'src/api'],
};

const roomNames = Object.keys(ROOMS).sort((a, b) => b.length - a.length);
const roomOf = (file: string) => roomNames.find((room) => file.startsWith(`${room}/`));

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = `${folder}/${name}`;
    if (statSync(join(root, path)).isDirectory()) return sourceFiles(path);
    return /\.(ts|tsx|mjs)$/.test(name) ? [path] : [];
  });
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const specifiers = [
    ...text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^'";]*?from\s*['"]([^'"]+)['"]/g),
    ...text.matchAll(/(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g),
    ...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g),
    ...text.matchAll(/new URL\(\s*['"](\.[^'"]+)['"]\s*,\s*import\.meta\.url/g),
  ].map((match) => match[1] ?? '');
  return specifiers
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => relative(root, resolve(root, dirname(file), specifier)));
}

function isAllowed(file: string, target: string): boolean {
  const from = roomOf(file);
  const to = roomOf(target);
  if (!from) return false;
  if (to === from) return true;
  return (ROOMS[from] ?? []).some((allowed) => allowed === target || allowed === to);
}

it('lets imports point one way, as the map draws them', () => {
  const files = [...sourceFiles('server'), ...sourceFiles('src')];
  const wrong = files.flatMap((file) =>
    importsOf(file)
      .filter((target) => !isAllowed(file, target))
      .map((target) => `${file} -> ${target}`),
  );
  expect(wrong).toEqual([]);
});

it('puts every file in a room that the map knows', () => {
  const stray = [...sourceFiles('server'), ...sourceFiles('src')].filter((file) => !roomOf(file));
  expect(stray).toEqual([]);
});

it('would name a wrong arrow', () => {
  expect(isAllowed('server/digest/group.ts', 'server/api/issues.ts')).toBe(false);
  expect(isAllowed('server/api/issues.ts', 'server/digest/group.ts')).toBe(true);
  expect(isAllowed('src/frame/context.tsx', 'server/storage/tables.ts')).toBe(false);
});
