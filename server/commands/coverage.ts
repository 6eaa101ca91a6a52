import { basename } from 'node:path';
import * as z from 'zod';
import { CommandError, parseAnswer, type Register } from './context.ts';
import { forEachFile, readInput } from './files.ts';
import { onProject, projectPath } from './projects.ts';
import { addRemoteOptions, type RemoteOptions } from './remote.ts';

type Options = RemoteOptions & { project: string; release?: string; commit?: string; json?: boolean };

/** What `--json` prints. */
const uploadedSchema = z.object({
  id: z.string(),
  format: z.string(),
  files: z.number(),
  lines: z.number(),
  release: z.string().nullish(),
  commit: z.string().nullish(),
});
type Uploaded = z.infer<typeof uploadedSchema>;

export const register: Register = (program, context) => {
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
    const { project, release, commit, json } = options;
    if (!release && !commit) {
      throw new CommandError('Say what the reports are of: --release <version>, --commit <sha>, or both.');
    }
    const api = await context.api(options);
    const path = projectPath(project, 'coverage/');
    const done: ({ report: string } & Uploaded)[] = [];
    const uploadAll = forEachFile(reports, async (report) => {
      const data = await readInput(context.readFile, report);
      const params = { release, commit, name: report === '-' ? report : basename(report) };
      const uploaded = parseAnswer(uploadedSchema, await api.post(path, { data, params }));
      done.push({ report, ...uploaded });
      if (!json) context.print(describe(report, uploaded));
    });
    await onProject(api, project, uploadAll).finally(() => json && context.printJson(done));
  });
};

function describe(report: string, { format, files, lines, release, commit }: Uploaded): string {
  const of = [release && `release ${release}`, commit && `commit ${commit.slice(0, 12)}`].filter(Boolean).join(', ');
  const plural = (count: number, word: string) => `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;
  return `${report}: ${format}, ${plural(files, 'file')}, ${plural(lines, 'line')}, for ${of}`;
}
