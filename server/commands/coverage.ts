import { basename } from 'node:path';
import * as z from 'zod';
import { CommandError, type Register } from './context.ts';
import { forEachFile, readInput } from './files.ts';
import { findProject, type ProjectFinder } from './projects.ts';
import { addRemoteOptions, postToRemote, type RemoteOptions } from './remote.ts';

export type CoverageCommandServices = { projects: ProjectFinder; coverage: { add: AddReport } };
type AddReport = (report: {
  projectId: number;
  bytes: Uint8Array;
  name: string;
  release?: string;
  commit?: string;
}) => Promise<{
  id: number;
  format: string;
  files: number;
  lines: number;
  release: string | null;
  commitSha: string | null;
}>;
type Options = RemoteOptions & { project: string; release?: string; commit?: string; json?: boolean };

/** What both ways answer, and what `--json` prints. */
const uploadedSchema = z.object({
  id: z.string(),
  format: z.string(),
  files: z.number(),
  lines: z.number(),
  release: z.string().nullish(),
  commit: z.string().nullish(),
});
type Uploaded = z.infer<typeof uploadedSchema>;

export const register: Register<CoverageCommandServices> = (program, context) => {
  const coverage = program.command('coverage').description('line coverage, shown on the frames of an issue');
  const upload = coverage
    .command('upload')
    .description('upload reports: LCOV, Cobertura, JaCoCo, Istanbul, coverage.py JSON or a Go cover profile')
    .argument('<report...>', 'report files, - for standard input')
    .requiredOption('--project <slug>', 'project that the release belongs to')
    .option('--release <version>', 'release that the tests ran on, as the SDK names it')
    .option('--commit <sha>', 'commit that the tests ran on')
    .option('--json', 'print what was stored as JSON');
  addRemoteOptions(upload).action(async (reports: string[], options: Options) => {
    if (!options.release && !options.commit) {
      throw new CommandError('Say what the reports are of: --release <version>, --commit <sha>, or both.');
    }
    const send = options.url ? toRemote(options) : await toServices(await context.configure(), options);
    const done: ({ report: string } & Uploaded)[] = [];
    const uploadAll = forEachFile(reports, async (report) => {
      const uploaded = await send(
        await readInput(context.readFile, report),
        report === '-' ? report : basename(report),
      );
      done.push({ report, ...uploaded });
      if (!options.json) context.print(describe(report, uploaded));
    });
    await uploadAll.finally(() => options.json && context.printJson(done));
  });
};

type Send = (bytes: Buffer, name: string) => Promise<Uploaded>;

async function toServices({ projects, coverage }: CoverageCommandServices, options: Options): Promise<Send> {
  const { id: projectId } = await findProject(projects, options.project);
  const { release, commit } = options;
  return async (bytes, name) => {
    const added = await coverage.add({ projectId, bytes, name, release, commit });
    const { id, format, files, lines, commitSha } = added;
    return { id: String(id), format, files, lines, release: added.release, commit: commitSha };
  };
}

function toRemote(options: Options): Send {
  const query = new URLSearchParams();
  if (options.release) query.set('release', options.release);
  if (options.commit) query.set('commit', options.commit);
  return async (bytes, name) => {
    query.set('name', name);
    const path = `/projects/stackmend/${encodeURIComponent(options.project)}/coverage/?${query}`;
    const parsed = uploadedSchema.safeParse(await postToRemote(options, path, bytes));
    if (!parsed.success) throw new CommandError(`${options.url} does not answer as a Stackmend server does.`);
    return parsed.data;
  };
}

function describe(report: string, { format, files, lines, release, commit }: Uploaded): string {
  const of = [release && `release ${release}`, commit && `commit ${commit.slice(0, 12)}`].filter(Boolean).join(', ');
  const plural = (count: number, word: string) => `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;
  return `${report}: ${format}, ${plural(files, 'file')}, ${plural(lines, 'line')}, for ${of}`;
}
