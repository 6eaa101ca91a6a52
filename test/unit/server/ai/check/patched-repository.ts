import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAnswer } from '../../../../../server/ai/answer/answer.ts';
import { createCheckPatch } from '../../../../../server/ai/check/check-patch.ts';
import { type TryPatch, tryPatchHere } from '../../../../../server/ai/check/try-in-thread.ts';
import type { SourceDeps } from '../../../../../server/source/source.ts';
import type { CodeMappingRow } from '../../../../../server/storage/code-mappings.ts';
import { type Files, git, makeRepository, mapping, sourceOf, temporaryFolder } from '../../source/checkout.ts';

type Coverage = Parameters<typeof createCheckPatch>[0]['coverage'];
type Options = Partial<Omit<SourceDeps, 'mappings'>> & {
  mappings?: (folder: string) => CodeMappingRow[];
  /** `[line, code]` by the file's name as a frame has it. */
  coverage?: Record<string, [number, number][]>;
  tryPatch?: TryPatch;
  redact?: (text: string) => string;
  onError?: (error: unknown) => void;
};

/** A real repository with a release `shop@1`, and the check of answers over it. */
export function patchedRepository(files: Files, options: Options = {}) {
  const {
    mappings = (folder) => [mapping(folder)],
    coverage = {},
    tryPatch = tryPatchHere,
    redact = same,
    onError = fail,
    ...deps
  } = options;
  const here = temporaryFolder();
  const { folder, commit } = makeRepository(join(here.root, 'shop'), files);
  const source = sourceOf(mappings(folder), { roots: [here.root], commits: { 'shop@1': commit }, ...deps });
  const checkDeps = { source, coverage: coverageOf(coverage), tryPatch, onError };
  const check = createCheckPatch(checkDeps);
  let clones = 0;
  return {
    folder,
    commit,
    checkDeps,
    check: (answer: string, release = 'shop@1') => check(parseAnswer(answer), { projectId: 2, release, redact }),
    /** What `git apply` makes of a patch in a clone; throws what it says. */
    gitApplies: (patch: string, path: string): string => {
      clones += 1;
      const clone = join(here.folder, `clone${clones}`);
      git(here.folder, 'clone', '-q', '-c', 'core.autocrlf=false', folder, clone);
      const file = join(here.folder, `clone${clones}.patch`);
      writeFileSync(file, patch);
      git(clone, 'apply', '--check', file);
      git(clone, 'apply', file);
      return readFileSync(join(clone, path), 'utf8');
    },
    status: () => git(folder, 'status', '--porcelain'),
    [Symbol.dispose]: () => {
      source.close();
      here[Symbol.dispose]();
    },
  };
}
const fail = (error: unknown) => {
  throw error;
};
const same = (text: string) => text;

function coverageOf(files: Record<string, [number, number][]>): Coverage {
  // Only what the check asks of it; reports themselves are tested where they are read.
  const ofFile = async ({ filename }: { filename?: string | null }) => {
    const lines = Object.hasOwn(files, filename ?? '') ? files[filename ?? ''] : undefined;
    return lines ? { file: { codes: new Map(lines.map(([line, code]) => [line, [line, code, 0]])) } } : { file: null };
  };
  return { passOf: () => ({ ofFile }) } as unknown as Coverage;
}

/** An answer with this diff. */
export const answerWith = (diff: string) =>
  `## Problem\nIt fails.\n\n## Fix\n\n\`\`\`diff\n${diff}\n\`\`\`\n\n## Confidence\nHigh.\n`;
