import { BadRequestError } from './errors.ts';
import type { StoredEvent, StoredFrame, StoredStacktrace } from './event.ts';
import { compileGlob, type Glob } from './glob.ts';

/** What a rule's matchers ask of a frame. */
type Facts = {
  function: string | null;
  module: string | null;
  path: string | null;
  package: string | null;
  family: Family;
  inApp: boolean;
};
type Family = 'javascript' | 'native' | 'other';
type Field = 'function' | 'module' | 'path' | 'package';
type Matcher = { negated: boolean } & (
  | { kind: 'glob'; field: Field; glob: Glob }
  | { kind: 'family'; families: readonly string[] }
  | { kind: 'app'; inApp: boolean }
);
type InAppRule = { matchers: Matcher[]; inApp: boolean };
export type InAppRules = readonly InAppRule[];

const MAX_RULES = 200;
const MAX_RULE = 500;
/** Of the whole text, comments and all. */
const MAX_TEXT = 120_000;
/** Of a name or path that a rule is asked about: what is longer is no name that somebody wrote a rule for. */
const MAX_VALUE = 2_000;

const FIELDS: Record<string, Field> = {
  'stack.function': 'function',
  function: 'function',
  'stack.module': 'module',
  module: 'module',
  'stack.abs_path': 'path',
  path: 'path',
  'stack.package': 'package',
  package: 'package',
};
const FAMILIES = ['all', 'javascript', 'native', 'other'];
const YES = ['yes', 'true', '1'];
const NO = ['no', 'false', '0'];

/**
 * Reads rules in Sentry's "stack trace rules" syntax, as far as they are about in-app frames:
 *
 *     # what the vendor wrote
 *     stack.module:vendor.* -app
 *     family:native stack.package:"C:\\Program Files\\**" !stack.function:handle* -app
 *
 * Matchers are joined by "and", and later rules win. Paths and packages are compared without regard to case, and `\` counts as `/`.
 *
 * @throws {BadRequestError} naming the first line that cannot be read, and why
 */
export function parseInAppRules(text: string): InAppRules {
  if (text.length > MAX_TEXT) throw new BadRequestError(`The rules are longer than ${MAX_TEXT} characters.`);
  const rules: InAppRule[] = [];
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    const rule = line.trim();
    if (rule === '' || rule.startsWith('#')) continue;
    try {
      if (rules.length === MAX_RULES) throw new BadRequestError(`there are more than ${MAX_RULES} rules.`);
      rules.push(parseRule(rule));
    } catch (error) {
      if (!(error instanceof BadRequestError)) throw error;
      throw new BadRequestError(`Line ${index + 1}: ${error.message}`);
    }
  }
  return rules;
}

const MATCHER = /(!?)([a-z_.]{1,40}):(?:"((?:[^"\\]|\\.)*)"|([^\s"]\S*))(?=\s|$)/y;
const WORD = /\S+/y;
const SPACE = /\s*/y;

function parseRule(rule: string): InAppRule {
  if (rule.length > MAX_RULE) throw new BadRequestError(`the rule is longer than ${MAX_RULE} characters.`);
  const matchers: Matcher[] = [];
  let inApp: boolean | null = null;
  for (let from = 0; from < rule.length; from = SPACE.lastIndex) {
    const matcher = match(MATCHER, rule, from);
    const [word = ''] = matcher ?? match(WORD, rule, from) ?? [];
    if (word.startsWith('#')) break;
    if (matcher && inApp === null) matchers.push(toMatcher(matcher));
    else if ((word === '+app' || word === '-app') && inApp === null) inApp = word === '+app';
    else throw new BadRequestError(unreadable(word, inApp !== null));
    SPACE.lastIndex = from + word.length;
    SPACE.test(rule);
  }
  if (matchers.length === 0)
    throw new BadRequestError('a rule begins with what it is about, as in stack.module:vendor.*');
  if (inApp === null) throw new BadRequestError('a rule ends with +app or -app.');
  return { matchers, inApp };
}

function match(pattern: RegExp, text: string, from: number): RegExpExecArray | null {
  pattern.lastIndex = from;
  return pattern.exec(text);
}

function unreadable(word: string, isAfterAction: boolean): string {
  const shown = `"${word.slice(0, 60)}"`;
  if (isAfterAction) return `${shown} comes after the action. A rule has one action, at its end.`;
  if (/^[v^][+-]app$/.test(word))
    return `${shown}: actions on the frames above or below are not supported. Match those frames themselves, with +app or -app.`;
  if (/^[v^]?[+-]group$/.test(word) || /^(max-frames|min-frames|category|invert-stacktrace)=/.test(word))
    return `${shown} is about grouping, which these rules leave as it is. Use +app or -app.`;
  if (/^[[|\]]/.test(word)) return `${shown}: matchers of the caller or callee are not supported.`;
  if (/^!?[\w.]+:"/.test(word)) return `${shown}: a quote is not closed, or something follows it.`;
  if (/^!?[\w.]+:$/.test(word)) return `${shown} has no value.`;
  return `${shown} is neither a matcher, as in stack.module:vendor.*, nor +app or -app.`;
}

function toMatcher([, not, name = '', quoted, bare = '']: RegExpExecArray): Matcher {
  const negated = not === '!';
  const value = quoted === undefined ? bare : quoted.replace(/\\(["\\])/g, '$1');
  const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  if (field) {
    const isPath = field === 'path' || field === 'package';
    const glob = compileGlob(isPath ? toPath(value) : value, { isPath });
    return { kind: 'glob', negated, field, glob };
  }
  const lower = value.toLowerCase();
  if (name === 'family') {
    const families = lower.split(',');
    if (families.every((family) => FAMILIES.includes(family))) return { kind: 'family', negated, families };
    throw new BadRequestError(`family:${value.slice(0, 40)} is unknown. Use ${FAMILIES.join(', ')}.`);
  }
  if (name === 'app' || name === 'stack.in_app') {
    if (YES.includes(lower)) return { kind: 'app', negated, inApp: true };
    if (NO.includes(lower)) return { kind: 'app', negated, inApp: false };
    throw new BadRequestError(`${name}:${value.slice(0, 40)} is neither yes nor no.`);
  }
  throw new BadRequestError(
    `"${name}" is no matcher here. Use stack.function, stack.module, stack.abs_path, stack.package, family or app.`,
  );
}

const toPath = (text: string) => text.replaceAll('\\', '/').toLowerCase();

/**
 * The event as it is viewed under the rules: `in_app` of every frame that one of them matches is what the last one says.
 * What was given stays as it is; frames that no rule changes are the same objects.
 */
export function withInAppRules(event: StoredEvent, rules: InAppRules): StoredEvent {
  if (rules.length === 0) return event;
  const apply = createApply(rules, event.platform);
  const changed = { ...event };
  if (event.stacktrace) changed.stacktrace = apply(event.stacktrace);
  if (event.exception) changed.exception = { ...event.exception, values: event.exception.values.map(applyToBoth) };
  if (event.threads) changed.threads = { ...event.threads, values: event.threads.values.map(applyToBoth) };
  return changed;

  type WithStacktraces = { stacktrace?: StoredStacktrace | null; raw_stacktrace?: StoredStacktrace | null };
  function applyToBoth<T extends WithStacktraces>(value: T): T {
    return {
      ...value,
      ...(value.stacktrace ? { stacktrace: apply(value.stacktrace) } : {}),
      ...(value.raw_stacktrace ? { raw_stacktrace: apply(value.raw_stacktrace) } : {}),
    };
  }
}

function createApply(rules: InAppRules, platform: string) {
  const isMatch = createMatch();
  const applyToFrame = (frame: StoredFrame): StoredFrame => {
    const sent = frame.in_app ?? false;
    const facts = factsOf(frame, platform);
    for (const { matchers, inApp } of rules) {
      if (facts.inApp !== inApp && matchers.every((matcher) => isMatch(matcher, facts) !== matcher.negated))
        facts.inApp = inApp;
    }
    return facts.inApp === sent ? frame : { ...frame, in_app: facts.inApp };
  };
  return (stacktrace: StoredStacktrace): StoredStacktrace =>
    stacktrace.frames ? { ...stacktrace, frames: stacktrace.frames.map(applyToFrame) } : stacktrace;
}

/** Names come again and again in a trace, so each is compared with each pattern but once. */
function createMatch() {
  const known = new Map<Glob, Map<string, boolean>>();
  return (matcher: Matcher, facts: Facts): boolean => {
    if (matcher.kind === 'app') return facts.inApp === matcher.inApp;
    if (matcher.kind === 'family') return matcher.families.includes('all') || matcher.families.includes(facts.family);
    const value = facts[matcher.field];
    if (value === null) return false;
    const answers = known.get(matcher.glob) ?? new Map<string, boolean>();
    known.set(matcher.glob, answers);
    const answer = answers.get(value) ?? isGlobMatch(matcher, value);
    answers.set(value, answer);
    return answer;
  };
}

/** As in Sentry, a path that does not begin with a slash is tried with one too. */
function isGlobMatch({ field, glob }: Extract<Matcher, { kind: 'glob' }>, value: string): boolean {
  if (glob(value)) return true;
  return (field === 'path' || field === 'package') && !value.startsWith('/') && glob(`/${value}`);
}

function factsOf(frame: StoredFrame, eventPlatform: string): Facts {
  const path = frame.abs_path || frame.filename;
  return {
    function: frame.function?.slice(0, MAX_VALUE) ?? null,
    module: frame.module?.slice(0, MAX_VALUE) ?? null,
    path: path ? toPath(path.slice(0, MAX_VALUE)) : null,
    package: frame.package ? toPath(frame.package.slice(0, MAX_VALUE)) : null,
    family: familyOf(frame.platform || eventPlatform),
    inApp: frame.in_app ?? false,
  };
}

function familyOf(platform: string): Family {
  if (platform === 'javascript' || platform === 'node') return 'javascript';
  return ['native', 'cocoa', 'objc', 'swift', 'c', 'rust'].includes(platform) ? 'native' : 'other';
}
