import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** A group that evidence was improved with is held out no longer: it becomes one of the others, and a new one is made. */
export const GROUPS = ['first', 'second', 'third', 'held out'] as const;
export const ABOUT_GROUP: Record<(typeof GROUPS)[number], string> = {
  first: 'Evidence was written with these in sight.',
  second:
    'Harder. Evidence was improved with these in sight; before, it had 22% of their lines at 16000 tokens, and none at 4000.',
  third:
    'Made to be where evidence did not look: before it was improved with these in sight, too, it had none of their lines.',
  'held out': 'Made after evidence was improved; nothing was tuned with them.',
};

const repositories = join(import.meta.dirname, 'repositories');
const caseSchema = z.object({
  group: z.enum(GROUPS).default('first'),
  language: z.enum(['python', 'javascript', 'typescript', 'ruby', 'go']),
  /** What crashes, and what fails until it is mended; run in the repository. */
  crash: z.tuple([z.string()], z.string()),
  test: z.tuple([z.string()], z.string()),
  /** The program's entry, where its crash is that of one minified file whose frames were mapped. */
  bundle: z.string().optional(),
  /** Where the fix is, seen from the crash. */
  where: z.string(),
});

/** A small repository with a crash that is known. Its folder has `code/`, `fix.diff` and `event.json`. */
export type Case = z.infer<typeof caseSchema> & { name: string; folder: string };

/** @param names of some; none for all */
export function readCases(names: readonly string[] = []): Case[] {
  return readdirSync(repositories)
    .filter((name) => names.length === 0 || names.includes(name))
    .sort()
    .map((name) => {
      const folder = join(repositories, name);
      return { ...caseSchema.parse(JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8'))), name, folder };
    });
}
