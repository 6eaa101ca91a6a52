import { BadRequestError } from '../protocol/errors.ts';
import { type InAppRules, parseInAppRules } from '../protocol/in-app-rules.ts';
import type { ProjectStore } from './projects.ts';

/** Texts whose rules are kept compiled. */
const MAX_KEPT = 20;

/** The in-app rules of projects, compiled once for each text. */
export function createInAppRules(projects: Pick<ProjectStore, 'groupingEnhancements'>) {
  const kept = new Map<string, InAppRules>();
  return {
    /** None for a project that has none, or that is not there. */
    ofProject: async (projectId: number): Promise<InAppRules> => {
      const text = await projects.groupingEnhancements(projectId);
      const rules = kept.get(text) ?? compile(text);
      // The one used last is the last to go.
      kept.delete(text);
      kept.set(text, rules);
      for (const oldest of kept.size > MAX_KEPT ? kept.keys().take(1) : []) kept.delete(oldest);
      return rules;
    },
  };
}

/** Rules are read before they are stored. Those of another version that this one cannot read hide no event: they do nothing. */
function compile(text: string): InAppRules {
  try {
    return parseInAppRules(text);
  } catch (error) {
    if (error instanceof BadRequestError) return [];
    throw error;
  }
}
