import { basename } from 'node:path';
import * as z from 'zod';
import { Coverage, type CoverageReports, type EventCoverage } from '../protocol/contract.ts';
import { coverageReportsSchema, eventCoverageSchema } from '../protocol/contract-source.ts';
import { CommandError, parseAnswer, type Register } from './context.ts';
import { forEachFile, readInput } from './files.ts';
import { onProject, projectPath } from './projects.ts';
import { addRemoteOptions, type RemoteOptions } from './remote.ts';
import { eventPath, placeOf, printable } from './sourcemaps.ts';

type Options = RemoteOptions & {
  project: string;
  release?: string;
  commit?: string;
  root?: string;
  json?: boolean;
};

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
    .option('--root <folder>', 'folder of the repository that relative paths of the reports begin at')
    .option('--json', 'print what was stored as JSON');
  addRemoteOptions(upload).action(async (reports: string[], options: Options) => {
    const { project, release, commit, root, json } = options;
    if (!release && !commit) {
      throw new CommandError('Say what the reports are of: --release <version>, --commit <sha>, or both.');
    }
    const api = await context.api(options);
    const path = projectPath(project, 'coverage/');
    const done: ({ report: string } & Uploaded)[] = [];
    const uploadAll = forEachFile(reports, async (report) => {
      const data = await readInput(context.readFile, report);
      const params = { release, commit, root, name: report === '-' ? report : basename(report) };
      const uploaded = parseAnswer(uploadedSchema, await api.post(path, { data, params }));
      done.push({ report, ...uploaded });
      if (!json) context.print(describe(report, uploaded));
    });
    await onProject(api, project, uploadAll).finally(() => json && context.printJson(done));
  });

  const list = coverage
    .command('list')
    .description('list the reports of a project, the newest first')
    .requiredOption('--project <slug>', 'project that they are of')
    .option('--json', 'print them as JSON');
  addRemoteOptions(list).action(async ({ project, json, ...remote }: Options) => {
    const api = await context.api(remote);
    const asked = api.get(projectPath(project, 'coverage/'));
    const reports = parseAnswer(coverageReportsSchema, await onProject(api, project, asked));
    if (json) return context.printJson(reports);
    if (reports.length === 0) return context.print('There are none. `stackmend coverage upload` adds one.');
    const widest = Math.max(...reports.map(({ id }) => id.length));
    for (const report of reports) context.print(`${report.id.padStart(widest)}  ${inRow(report)}`);
  });

  const explain = coverage
    .command('explain')
    .description('say of each in-app frame of an event whether tests reach its line, else why that is not known')
    .argument('<event id>', '32 hex digits, as the page shows them')
    .option('--json', 'print it as JSON');
  addRemoteOptions(explain).action(async (eventId: string, { json, ...remote }: RemoteOptions & { json?: boolean }) => {
    const api = await context.api(remote);
    const path = await eventPath(api, eventId);
    const explained = parseAnswer(eventCoverageSchema, await api.get(`${path}coverage/`));
    if (json) return context.printJson(explained);
    for (const line of inLines(explained)) context.print(line);
  });
};

function describe(report: string, { format, files, lines, release, commit }: Uploaded): string {
  const of = [release && `release ${release}`, commit && `commit ${commit.slice(0, 12)}`].filter(Boolean).join(', ');
  return `${report}: ${format}, ${plural(files, 'file')}, ${plural(lines, 'line')}, for ${of}`;
}

const plural = (count: number, word: string) => `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;

function inRow({ name, format, files, lines, size, release, commit, dateCreated }: CoverageReports[number]): string {
  const of = [release && `release ${printable(release)}`, commit && `commit ${commit.slice(0, 12)}`].filter(Boolean);
  const holds = `${format}, ${plural(files, 'file')}, ${plural(lines, 'line')}, ${(size / 1024 / 1024).toFixed(1)} MB`;
  return `${dateCreated.slice(0, 16).replace('T', ' ')}  ${of.join(', ')}  ${holds}  ${printable(name)}`;
}

function* inLines({ frames, framesOmitted }: EventCoverage): Generator<string> {
  if (frames.length === 0) yield 'The event has no in-app frames: coverage is looked up for those alone.';
  // What is so for a whole release is the same for each of its frames.
  const told = new Set<string>();
  for (const frame of frames) {
    const place = `${frame.filename ? ` in ${printable(frame.filename)}` : ''}${frame.lineNo ? `:${frame.lineNo}` : ''}`;
    yield `${placeOf(frame)}${place}: ${codeInWords(frame)}${frame.reason ? ` (${frame.reason})` : ''}`;
    if (frame.detail && !told.has(frame.detail)) yield `    ${printable(frame.detail)}`;
    told.add(frame.detail ?? '');
    if (frame.candidates?.length) yield `    In the report: ${frame.candidates.slice(0, 5).map(printable).join(', ')}`;
    if (frame.sameContentAs) {
      yield `    From the report of commit ${(frame.commit ?? '').slice(0, 12)}: the file is the same at ${frame.sameContentAs.slice(0, 12)}.`;
    }
  }
  if (framesOmitted) yield `${plural(framesOmitted, 'older frame')} not looked at.`;
}

function codeInWords({ code, hits }: EventCoverage['frames'][number]): string {
  if (code === Coverage.notCovered) return 'no test reaches it';
  if (code !== Coverage.covered && code !== Coverage.partial) return 'not known';
  const times = typeof hits === 'number' ? `, run ${plural(hits, 'time')}` : '';
  return (code === Coverage.partial ? 'partially covered' : 'covered') + times;
}
