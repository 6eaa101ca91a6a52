import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NotFoundError } from '../protocol/errors.ts';
import type { JsonObject } from '../protocol/event.ts';

/** `text` is the JSON of one SDK payload; `coverage` an LCOV report of the sample's release. */
export type Sample = { name: string; text: string; coverage?: { text: string; release: string } };

/** The events that a newcomer sees first. All are of our own making; `<name>.lcov.info` beside one is its coverage. */
export async function readSamples(): Promise<Sample[]> {
  const files = await readdir(import.meta.dirname);
  const names = files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length));
  return Promise.all(names.sort().map((name) => readSample(name, files.includes(`${name}.lcov.info`))));
}

async function readSample(name: string, hasCoverage: boolean): Promise<Sample> {
  const text = await readFile(join(import.meta.dirname, `${name}.json`), 'utf8');
  if (!hasCoverage) return { name, text };
  const { release } = JSON.parse(text) as JsonObject;
  const report = await readFile(join(import.meta.dirname, `${name}.lcov.info`), 'utf8');
  return { name, text, coverage: { text: report, release: String(release) } };
}

/**
 * The sample as an event that has just happened: a new event id, and all of its times moved by as much as brings its
 * `timestamp` to now.
 *
 * @param now Unix ms
 */
export function freshSample(sample: Sample, now: number): Uint8Array {
  const event = JSON.parse(sample.text) as JsonObject;
  const seconds = now / 1000;
  const shift = seconds - Number(event['timestamp']);
  const breadcrumbs = breadcrumbsOf(event).map((crumb) => ({
    ...crumb,
    timestamp: Number(crumb['timestamp']) + shift,
  }));
  const fresh = {
    ...event,
    event_id: randomUUID().replaceAll('-', ''),
    timestamp: seconds,
    ...(breadcrumbs.length > 0 ? { breadcrumbs: { values: breadcrumbs } } : {}),
  };
  return Buffer.from(JSON.stringify(fresh));
}

/** The samples have `{ values: [...] }`, times in seconds. */
function breadcrumbsOf(event: JsonObject): JsonObject[] {
  const { breadcrumbs } = event as { breadcrumbs?: { values: JsonObject[] } };
  return breadcrumbs?.values ?? [];
}

type LoadDeps = {
  importEvents: (projectSlug: string, bytes: Uint8Array) => Promise<{ eventIDs: string[] }>;
  coverage: {
    list: (projectId: number) => Promise<{ release: string | null; name: string }[]>;
    add: (report: { projectId: number; bytes: Uint8Array; name: string; release: string }) => Promise<unknown>;
  };
  /** Unix ms. */
  now: () => number;
};

/**
 * Loads samples into a project, with their coverage where that is not there yet. For `demo` and `create-sample`.
 *
 * @param only name of one sample; all when left out
 * @throws {NotFoundError} there is no sample of this name
 */
export async function loadSamples(
  project: { id: number; slug: string },
  { importEvents, coverage, now }: LoadDeps,
  only?: string,
): Promise<{ eventIDs: string[] }> {
  const samples = await readSamples();
  const chosen = samples.filter(({ name }) => only === undefined || name === only);
  if (chosen.length === 0) {
    const names = samples.map(({ name }) => name).join(', ');
    throw new NotFoundError(`There is no sample "${only}". There are: ${names}, and all.`);
  }
  const known = await coverage.list(project.id);
  const eventIDs: string[] = [];
  for (const sample of chosen) {
    const name = `${sample.name}.lcov.info`;
    const report = sample.coverage;
    if (report && !known.some((other) => other.name === name && other.release === report.release)) {
      const bytes = Buffer.from(report.text);
      await coverage.add({ projectId: project.id, bytes, name, release: report.release });
    }
    eventIDs.push(...(await importEvents(project.slug, freshSample(sample, now()))).eventIDs);
  }
  return { eventIDs };
}
