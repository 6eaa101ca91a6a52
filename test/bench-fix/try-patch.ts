import { spawnSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Answer } from '../../server/ai/answer/answer.ts';
import { type CheckPatchDeps, createCheckPatch } from '../../server/ai/check/check-patch.ts';
import { tryPatchHere } from '../../server/ai/check/try-in-thread.ts';
import { mapping, sourceOf } from '../unit/server/source/checkout.ts';
import type { Case } from './cases.ts';
import { createCheckout } from './checkout.ts';

const root = join(import.meta.dirname, '..', '..');
const TEST_MS = 120_000;
const RELEASE = 'bench@1.0.0';

/** Which lines tests reach is asked per file; none has a report here. */
const NO_REPORT = {
  passOf: () => ({ ofFile: async () => ({ file: null }) }),
} as unknown as CheckPatchDeps['coverage'];

/** `passes` is null where no test was run. */
export type Outcome = { applies: boolean; passes: boolean | null; detail: string };

/**
 * What the page says of an answer's patch, and whether git takes what the page gives. Only where `isRun` is code of the
 * patch run: our own test, in a temporary folder with the model's change in its code, without the environment of this process.
 */
export async function tryAnswer(test: Case, answer: Answer, isRun: boolean): Promise<Outcome> {
  using checkout = createCheckout(test);
  const mapped = mapping(checkout.path, { stackRoot: `/srv/${test.name}/` });
  using source = sourceOf([mapped], { commits: { [RELEASE]: checkout.commit }, roots: [checkout.path] });
  const check = createCheckPatch({
    source,
    coverage: NO_REPORT,
    tryPatch: tryPatchHere,
    onError: (error) => {
      throw error;
    },
  });
  const place = { projectId: mapped.projectId, release: RELEASE, redact: (text: string) => text };
  const { status, patch, detail } = await check(answer, place);
  if (status !== 'applies' || !patch) return { applies: false, passes: isRun ? false : null, detail: detail ?? status };
  const applied = checkout.git(['apply', '-'], patch);
  if (applied.status !== 0) throw new Error(`${test.name}: git refuses what was said to apply: ${applied.stderr}`);
  if (!isRun) return { applies: true, passes: null, detail: '' };
  // The test is ours, whatever the patch made of it.
  for (const file of checkout.git(['diff', '--name-only']).stdout.split('\n')) {
    const own = join(test.folder, 'code', file);
    if (IS_TEST.test(file) && existsSync(own)) cpSync(own, join(checkout.path, file));
  }
  return { applies: true, passes: passes(test, checkout.path), detail: '' };
}

const IS_TEST = /(?:^|\/)(?:test\b|test_|[^/]*_test\.)[^/]*$/;

/** Cases whose test fails as it crashed and passes with the known fix: those that say something on this machine. */
export function soundCases(cases: readonly Case[]): Case[] {
  return cases.filter((test) => {
    using checkout = createCheckout(test);
    if (passes(test, checkout.path)) return false;
    checkout.git(['apply', join(test.folder, 'fix.diff')]);
    return passes(test, checkout.path);
  });
}

function passes({ test: [program, ...args] }: Case, folder: string): boolean {
  const env = {
    PATH: [dirname(process.execPath), process.env['PATH']].join(':'),
    HOME: folder,
    NODE_PATH: join(root, 'node_modules'),
    PYTHONDONTWRITEBYTECODE: '1',
    GOFLAGS: '-mod=mod',
    GOPROXY: 'off',
  };
  return spawnSync(program, args, { cwd: folder, env, timeout: TEST_MS }).status === 0;
}
