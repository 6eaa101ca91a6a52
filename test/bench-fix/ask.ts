import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseAnswer } from '../../server/ai/answer/answer.ts';
import { createEndpoints, type Endpoints } from '../../server/ai/endpoints.ts';
import { messagesFor, prepareForAi } from '../../server/ai/prepare.ts';
import { tokenCounter } from '../../server/ai/tokens.ts';
import { ConfigurationError } from '../../server/protocol/errors.ts';
import { buildEndpoints } from '../../server/runner/model-endpoints.ts';
import { readSettings } from '../../server/settings/settings.ts';
import type { Case } from './cases.ts';
import { fixingLinesOf, shownLines } from './fixing-lines.ts';
import type { loadCase } from './measure.ts';
import { type Outcome, tryAnswer } from './try-patch.ts';

/** What came of questions; each is one call. */
export type Asked = {
  model: string;
  questions: number;
  patches: number;
  applied: number;
  /** Patches of cases whose test says something here, with the test run; and those that make it pass. */
  tested: number;
  passed: number;
  abstained: number;
  /** Of these, those in whose prompt no line was that the fix changes. */
  rightlyAbstained: number;
  /** Questions in whose prompt no such line was: those on which a model should abstain. */
  unanswerable: number;
  /** The endpoint failed, or answered neither with a patch nor that it has none. */
  failed: number;
};

type Loaded = { test: Case } & Awaited<ReturnType<typeof loadCase>>;
type Options = {
  'base-url'?: string | undefined;
  model?: string | undefined;
  blind?: boolean | undefined;
  /** Cases whose test is run with the patch of a model in its code; null: nothing is run. */
  sound: readonly Case[] | null;
};

/**
 * Asks for a fix of each, one after another. The endpoint is that of the arguments (its key, where it needs one, is in
 * OPENAI_API_KEY), else the first of our own settings.
 *
 * @param onStart is called when there is an endpoint, before the first question
 * @returns null where none is set
 */
export async function askModel(
  loaded: readonly Loaded[],
  options: Options,
  onStart: () => void = () => undefined,
): Promise<Asked | null> {
  const endpoints = options.model ? endpointOf(options.model, options['base-url']) : await endpointsOfSettings();
  const endpoint = endpoints?.default;
  if (!endpoints || !endpoint) return null;
  const { model } = endpoint;
  if (endpoint.missing) throw new Error(endpoint.missing);
  const { count } = await tokenCounter(model);
  onStart();
  const asked: Asked = { model, questions: 0, ...NOTHING };

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
    const answer = parseAnswer(text);
    const isRun = options.sound?.includes(test) ?? false;
    const outcome = answer.patch === null ? null : await tryAnswer(test, answer, isRun);
    const isUnanswerable = shownLines(fixingLinesOf(test), prepared.payload) === 0;
    countIn(asked, answer.abstains, outcome, isUnanswerable);
    const words = outcome ? wordsOf(outcome) : answer.abstains ? 'abstains' : 'no answer';
    console.log(`${test.name.padEnd(14)} ${words}${isUnanswerable ? ' (cannot be known from the prompt)' : ''}`);
  }
  return asked;
}

const NOTHING = {
  patches: 0,
  applied: 0,
  tested: 0,
  passed: 0,
  abstained: 0,
  rightlyAbstained: 0,
  unanswerable: 0,
  failed: 0,
};

function countIn(asked: Asked, abstains: boolean, outcome: Outcome | null, isUnanswerable: boolean): void {
  asked.questions += 1;
  if (isUnanswerable) asked.unanswerable += 1;
  if (outcome) {
    asked.patches += 1;
    if (outcome.applies) asked.applied += 1;
    if (outcome.passes !== null) asked.tested += 1;
    if (outcome.passes) asked.passed += 1;
  } else if (abstains) {
    asked.abstained += 1;
    if (isUnanswerable) asked.rightlyAbstained += 1;
  } else {
    asked.failed += 1;
  }
}

function wordsOf({ applies, passes, detail }: Outcome): string {
  if (!applies) return detail;
  return passes === null ? 'applies' : passes ? 'applies, passes' : 'applies, does not pass';
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
