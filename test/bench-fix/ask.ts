import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseAnswer } from '../../server/ai/answer/answer.ts';
import { createEndpoints, type Endpoints } from '../../server/ai/endpoints.ts';
import { messagesFor, prepareForAi } from '../../server/ai/prepare.ts';
import { tokenCounter } from '../../server/ai/tokens.ts';
import { ConfigurationError } from '../../server/protocol/errors.ts';
import { buildEndpoints } from '../../server/runner/model-endpoints.ts';
import { readSettings } from '../../server/settings/settings.ts';
import type { Case } from './cases.ts';
import { createCheckout } from './checkout.ts';
import { fixingLinesOf, shownLines } from './fixing-lines.ts';
import type { loadCase } from './measure.ts';

/** `passed` is null where no tests were run. */
export type Asked = {
  model: string;
  patches: number;
  applied: number;
  abstained: number;
  /** Of these, those in whose prompt no line was that the fix changes. */
  rightlyAbstained: number;
  /** Questions in whose prompt no such line was: those on which a model should abstain. */
  unanswerable: number;
  /** The endpoint failed, or answered neither with a patch nor that it has none. */
  failed: number;
  passed: number | null;
};

type Loaded = { test: Case } & Awaited<ReturnType<typeof loadCase>>;
type Options = {
  'base-url'?: string | undefined;
  model?: string | undefined;
  'run-tests': boolean;
  blind?: boolean | undefined;
};

const root = join(import.meta.dirname, '..', '..');
const TEST_MS = 120_000;

/**
 * Asks for a fix of each, one after another. The endpoint is that of the arguments (its key, where it needs one, is in
 * OPENAI_API_KEY), else the first of our own settings.
 *
 * @returns null where none is set
 */
export async function askModel(loaded: readonly Loaded[], options: Options): Promise<Asked | null> {
  const endpoints = options.model ? endpointOf(options.model, options['base-url']) : await endpointsOfSettings();
  const endpoint = endpoints?.default;
  if (!endpoints || !endpoint) return null;
  const { model } = endpoint;
  if (endpoint.missing) throw new Error(endpoint.missing);
  const { count } = await tokenCounter(model);
  const asked: Asked = {
    model,
    patches: 0,
    applied: 0,
    abstained: 0,
    rightlyAbstained: 0,
    unanswerable: 0,
    failed: 0,
    passed: options['run-tests'] ? 0 : null,
  };

  for (const { test, event, context } of options.blind ? [...loaded, ...loaded.map(withoutSource)] : loaded) {
    const prepared = prepareForAi(event, context, { maxTokens: endpoint.inputTokens, countTokens: count });
    let text = '';
    try {
      const pieces = endpoints
        .modelOf(endpoint)
        .stream(messagesFor(prepared, 'b'.repeat(32)), AbortSignal.timeout(600_000));
      for await (const piece of pieces) if (piece.type === 'text') text += piece.text;
    } catch (error) {
      console.error(`${test.name}: ${error instanceof Error ? error.message : error}`);
    }
    const isUnanswerable = shownLines(fixingLinesOf(test), prepared.payload) === 0;
    if (isUnanswerable) asked.unanswerable += 1;
    const { patch, abstains } = parseAnswer(text);
    const outcome = patch ? tryPatch(test, patch, options['run-tests']) : null;
    if (outcome) asked.patches += 1;
    else if (abstains) asked.abstained += 1;
    else asked.failed += 1;
    if (abstains && !outcome && isUnanswerable) asked.rightlyAbstained += 1;
    if (outcome?.applies) asked.applied += 1;
    if (asked.passed !== null && outcome?.passes) asked.passed += 1;
    const words = outcome
      ? `${outcome.applies ? 'applies' : 'does not apply'}${outcome.passes ? ', passes' : ''}`
      : 'no patch';
    console.log(`${test.name.padEnd(14)} ${words}`);
  }
  return asked;
}

/** The same crash of a program that sends no source and no values, with no checkout: nobody could mend it. */
function withoutSource({ test, event }: Loaded): Loaded {
  const values = event.exception?.values.map((exception) => {
    const frames = exception?.stacktrace?.frames?.map((frame) => {
      const { context_line: _line, pre_context: _pre, post_context: _post, vars: _vars, ...place } = frame ?? {};
      return place;
    });
    return { ...exception, stacktrace: frames ? { frames } : null };
  });
  return { test, event: { ...event, exception: values ? { values } : null }, context: {} };
}

const metrics = { incr: () => undefined };

function endpointOf(model: string, baseUrl = 'https://api.openai.com/v1'): Endpoints {
  const apiKey = process.env['OPENAI_API_KEY'] ?? '';
  return createEndpoints([{ name: 'bench', setting: '--base-url', baseUrl, model, apiKey }], { metrics });
}

/** Those of STACKMEND_CONF, and of the environment; null where there are none that can be asked. */
async function endpointsOfSettings(): Promise<Endpoints | null> {
  const directory = process.env['STACKMEND_CONF'] ?? join(homedir(), '.stackmend');
  const settings = await readSettings(directory, process.env).catch((error: unknown) => {
    if (error instanceof ConfigurationError) return null;
    throw error;
  });
  const endpoints = settings && buildEndpoints(settings, metrics);
  return endpoints?.default.missing === null ? endpoints : null;
}

/** In a temporary folder; what is run there is the test of our own repository, with the model's change in its code. */
function tryPatch(test: Case, patch: string, isRun: boolean): { applies: boolean; passes: boolean } {
  using checkout = createCheckout(test);
  const applies = checkout.git(['apply', '--recount', '--whitespace=nowarn', '-'], `${patch.trimEnd()}\n`).status === 0;
  if (!applies || !isRun) return { applies, passes: false };
  // The test is ours, whatever the patch made of it.
  for (const file of checkout.git(['diff', '--name-only']).stdout.split('\n')) {
    if (/(?:^|\/)(?:test|.*_test\.|test_)/.test(file))
      cpSync(join(test.folder, 'code', file), join(checkout.path, file));
  }
  return { applies, passes: passes(test, checkout.path) };
}

/** Cases whose test fails as it crashed and passes with the known fix: those that say something. */
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
