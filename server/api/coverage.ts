import express, { type RequestHandler, Router } from 'express';
import * as z from 'zod';
import type { Coverage } from '../coverage/line-coverage.ts';
import { type MatchesDeps, matchesOf } from '../coverage/matches.ts';
import type { CoverageReports } from '../protocol/contract.ts';
import { BadRequestError, NotFoundError, StatusError, TooLargeError, UnavailableError } from '../protocol/errors.ts';
import type { CoverageReport } from '../storage/coverage.ts';
import { optionalText, parseRequest } from './parse-request.ts';
import { permit } from './permit.ts';
import type { Scope } from './scope.ts';

export type CoverageRoutesServices = {
  scope: Pick<Scope, 'project'>;
  coverage: Pick<Coverage, 'add' | 'list' | 'byId' | 'remove'> & MatchesDeps['coverage'];
  releases: MatchesDeps['releases'];
  newestEvents: MatchesDeps['newestEvents'];
};

/** Bytes, unpacked. The report of a very large repository is some tens of MB. */
const MAX_REPORT_BYTES = 64 * 1024 * 1024;
/** Reports held in memory at one time; a CI's jobs end together, and try again. */
const MAX_UPLOADS = 4;

const uploadQuery = z.object({ release: optionalText, commit: optionalText, name: optionalText, root: optionalText });
const reportParams = z.object({ reportId: z.string().regex(/^\d{1,15}$/, 'should be the number of a report') });

/**
 * Coverage reports of a project, below `/projects/{org}/{project}/coverage/`: ours, as Sentry left reports to Codecov.
 * `POST ?release=&commit=&name=&root=` takes a report of any format as its body, of any content type, gzip or not; `root`
 * is the folder of the repository that its relative paths begin at.
 */
export function coverageRoutes({ scope, coverage, ...others }: CoverageRoutesServices): Router {
  const router = Router();
  const path = '/projects/:organization/:project/coverage/';

  router.post(path, permit('project:releases'), limitUploads(), readBody(), async (req, res) => {
    const { release, commit, name = 'report', root } = parseRequest(uploadQuery, req.query);
    const { id: projectId } = await scope.project(req);
    const bytes: unknown = req.body;
    if (!Buffer.isBuffer(bytes)) throw new BadRequestError('The body is empty; it should be a coverage report.');
    const added = await coverage.add({ projectId, bytes, name, release, commit, root });
    res.status(201).json(toReport(added));
  });

  router.get(path, permit('project:read'), async (req, res) => {
    const { id } = await scope.project(req);
    res.json((await coverage.list(id)).map(toReport));
  });

  router.get(`${path}:reportId/matches/`, permit('project:read'), async (req, res) => {
    const { id } = await scope.project(req);
    const { reportId } = parseRequest(reportParams, req.params);
    const report = await coverage.byId(id, Number(reportId));
    if (!report) throw new NotFoundError(`The project has no coverage report ${reportId}.`);
    res.json(await matchesOf({ coverage, ...others }, id, report));
  });

  router.delete(`${path}:reportId/`, permit('project:releases'), async (req, res) => {
    const { id } = await scope.project(req);
    const { reportId } = parseRequest(reportParams, req.params);
    if (!(await coverage.remove(id, Number(reportId)))) {
      throw new NotFoundError(`The project has no coverage report ${reportId}.`);
    }
    res.status(204).end();
  });
  return router;
}

function toReport(report: CoverageReport): CoverageReports[number] {
  const { id, commitSha, dateCreated, release, format, name, fileCount, lineCount, size } = report;
  return {
    id: String(id),
    name,
    format,
    files: fileCount,
    lines: lineCount,
    size,
    release,
    commit: commitSha,
    dateCreated: new Date(dateCreated).toISOString(),
  };
}

function limitUploads(): RequestHandler {
  let running = 0;
  return (_req, res, next) => {
    if (running >= MAX_UPLOADS) throw new UnavailableError('Other reports are being read. Try again in a moment.', 5);
    running += 1;
    res.once('close', () => {
      running -= 1;
    });
    next();
  };
}

/** Reads at most `MAX_REPORT_BYTES`, counted while they come in and unpacked. */
function readBody(): RequestHandler {
  const raw = express.raw({ type: () => true, limit: MAX_REPORT_BYTES });
  return (req, res, next) => {
    raw(req, res, (error?: unknown) => next(error === undefined ? undefined : toStatusError(error)));
  };
}

function toStatusError(error: unknown): unknown {
  const status = typeof error === 'object' && error && 'status' in error ? error.status : undefined;
  if (status === 413) return new TooLargeError('A coverage report has 64 MiB at most: split it.');
  if (status === 415) return new StatusError(415, 'The encoding is not known: send the report plain, or as gzip.');
  return typeof status === 'number' && status < 500
    ? new BadRequestError('The body could not be read: it ends early, or is not what Content-Encoding says.', {
        cause: error,
      })
    : error;
}
