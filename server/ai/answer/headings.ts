const ANSWER_SECTIONS = ['problem', 'rootCause', 'fix', 'why', 'verify', 'confidence', 'missing'] as const;
export type AnswerSection = (typeof ANSWER_SECTIONS)[number];

/** In letters alone. The first of each is what the prompt asks for; models call them otherwise, too. */
const NAMES: Record<AnswerSection, readonly string[]> = {
  problem: ['problem', 'the problem', 'what went wrong', 'summary', 'issue'],
  rootCause: ['root cause', 'cause', 'the cause', 'root cause analysis', 'why it happens', 'why it happened'],
  fix: ['fix', 'the fix', 'suggested fix', 'proposed fix', 'recommended fix', 'solution', 'patch', 'fix as a diff'],
  why: ['why this way', 'why this fix', 'why', 'rationale', 'why this works', 'explanation'],
  verify: ['verify', 'verification', 'how to verify', 'verifying', 'test', 'tests', 'testing', 'how to test'],
  confidence: ['confidence', 'confidence level', 'my confidence'],
  missing: ['what is missing', 'missing', 'whats missing', 'missing information', 'what would help', 'open questions'],
};
const SECTION_OF = new Map(
  ANSWER_SECTIONS.flatMap((section) => NAMES[section].map((name) => [name, section] as const)),
);

/** A heading is short; a longer line is prose, whatever it begins with. */
const MAX_HEADING = 120;

export type Heading = {
  /** Null: a heading that is none of ours, which ends the section before it only if it is written as one (`##`). */
  section: AnswerSection | null;
  /** What stands on the same line after it: `Confidence: high`. */
  rest: string;
};

/** `## Root cause`, `**Root cause:** because`, `2. Root cause`, `Root cause:`. */
export function readHeading(line: string): Heading | null {
  const text = line.trim();
  if (text === '' || text.length > MAX_HEADING) return null;
  if (text.startsWith('#')) {
    const title = withoutMarks(text.replace(/^#+/, ''));
    return split(title) ?? { section: null, rest: '' };
  }
  const unnumbered = text.replace(/^\d{1,2}[.)] */, '').replace(/^[-*] +/, '');
  const [bold] = /^(\*\*|__)/.exec(unnumbered) ?? [];
  if (bold) {
    const end = unnumbered.indexOf(bold, 2);
    const section = end > 0 ? sectionOf(unnumbered.slice(2, end)) : null;
    return section && { section, rest: unnumbered.slice(end + 2).replace(/^[ :–—-]+/, '') };
  }
  const colon = text.indexOf(':');
  const section = sectionOf(colon === -1 ? text : text.slice(0, colon));
  const rest = colon === -1 ? '' : text.slice(colon + 1).trim();
  // Prose begins with such words as well: `Issue: the cart`.
  return section && (rest === '' || section === 'confidence') ? { section, rest } : null;
}

function split(title: string): Heading | null {
  const whole = sectionOf(title);
  if (whole) return { section: whole, rest: '' };
  const end = title.search(/[:(–—]| - /);
  const section = end > 0 ? sectionOf(title.slice(0, end)) : null;
  return section && { section, rest: title.slice(end).replace(/^[ :–—-]+/, '') };
}

const withoutMarks = (title: string) => title.replace(/[*_`#]/g, '').trim();

const sectionOf = (title: string): AnswerSection | null =>
  SECTION_OF.get(
    title
      .toLowerCase()
      .replace(/[^\p{L} ]/gu, '')
      .trim(),
  ) ?? null;
