import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import { ORGANIZATION } from '../api/scope.ts';
import { NotFoundError } from '../protocol/errors.ts';

const YEAR_MS = 365 * 24 * 3_600_000;
const NO_CACHE = 'no-cache';

/**
 * Paths of the page's own routes and the document that the build made for each: the same page, but told which chunks to
 * fetch at once. Anything else that is no file is not found.
 */
const PAGE_ROUTES: readonly [RegExp, document: string][] = [
  [/^\/issues\/[^/]+(?:\/(?:events\/[^/]+\/?)?)?$/, 'issue.html'],
  [/^\/(?:$|(?:issues|setup|settings|events|projects|login|welcome)(?:\/|$))/, 'index.html'],
];

/** An issue's address with no filter in it, whose event the page asks for by what is in the path. */
const ISSUE_ROUTE = /^\/issues\/([\w-]+)(?:\/(?:events\/([\w-]+)\/?)?)?$/;

/**
 * Has the browser ask for the issue and its event beside the scripts, which else have to run first. They are what the
 * page's own first requests ask for, to the letter: those find the answers there.
 */
function preloads(url: string): string {
  const [, issueId, eventId = 'recommended'] = ISSUE_ROUTE.exec(url) ?? [];
  if (!issueId) return '';
  const issue = `/api/0/organizations/${ORGANIZATION}/issues/${issueId}/`;
  return [`${issue}events/${eventId}/`, issue]
    .map((path) => `<${path}>; rel=preload; as=fetch; crossorigin=anonymous`)
    .join(', ');
}

/** Names that the build adds to a file's own, best first. Browsers take Brotli over https and from loopback alone. */
const ENCODINGS = new Map([
  ['br', '.br'],
  ['gzip', '.gz'],
]);
const COMPRESSED = /\.(?:br|gz)$/;

/** What a browser shows as a page of its own when somebody opens its address. */
const DOCUMENT = /\.(?:html|svg|xml)(?:\.br|\.gz)?$/;
/**
 * What browsers heed in a document's answer alone. A cold visit asks for a dozen scripts, each of which would bring half a
 * kilobyte of them. A worker's script would need its policy; the page has no worker.
 */
const HEADERS_OF_DOCUMENTS = [
  'Content-Security-Policy',
  'Cross-Origin-Opener-Policy',
  'Origin-Agent-Cluster',
  'Referrer-Policy',
  'X-DNS-Prefetch-Control',
  'X-Download-Options',
  'X-Frame-Options',
  'X-Permitted-Cross-Domain-Policies',
  'X-XSS-Protection',
];

/**
 * The built page. What the build has compressed is sent so, since it took its time for that.
 * @param distDir where Vite put it
 */
export function staticFiles(distDir: string): Router {
  const router = Router();
  const common = { index: false, redirect: false, dotfiles: 'ignore' } as const;
  // Vite puts a hash into every name under /assets/, so that a name's bytes never change.
  router.use(
    '/assets',
    compressedFirst(
      express.static(join(distDir, 'assets'), {
        ...common,
        immutable: true,
        // The ETag says the same.
        lastModified: false,
        maxAge: YEAR_MS,
        setHeaders: (res, path) => {
          describeFile(res, path);
          if (!DOCUMENT.test(path)) for (const name of HEADERS_OF_DOCUMENTS) res.removeHeader(name);
        },
      }),
    ),
  );
  router.use(
    compressedFirst(
      express.static(distDir, {
        ...common,
        setHeaders: (res, path) => {
          res.setHeader('Cache-Control', NO_CACHE);
          describeFile(res, path);
        },
      }),
    ),
  );
  router.use(page(distDir));
  return router;
}

/** Browsers name gzip first and mean no order by it; ours is by size. Empty: as it is. */
function suffixFor(req: Request): string {
  for (const [encoding, suffix] of ENCODINGS) if (req.acceptsEncodings(encoding)) return suffix;
  return '';
}

/** Asks `serve` for the file as it was compressed for the client, then as it is. Only `send` looks at names. */
function compressedFirst(serve: RequestHandler): RequestHandler {
  return (req, res, next) => {
    // Under its own name a compressed file would be bytes of no use.
    if (COMPRESSED.test(req.path)) return next();
    const suffix = suffixFor(req);
    if (!suffix) return serve(req, res, next);
    const { url } = req;
    req.url = req.path + suffix;
    serve(req, res, (error) => {
      req.url = url;
      if (error) next(error);
      else serve(req, res, next);
    });
  };
}

/** A compressed file has the type of what is in it. `send` gives each its own ETag. */
function describeFile(res: Response, path: string): void {
  const name = path.replace(COMPRESSED, '');
  const extension = /\.[^./\\]+$/.exec(name)?.[0] ?? '';
  res.type(extension);
  res.vary('Accept-Encoding');
  for (const [encoding, suffix] of ENCODINGS) if (path.endsWith(suffix)) res.setHeader('Content-Encoding', encoding);
}

function page(distDir: string): RequestHandler {
  return (req, res, next) => {
    const route = PAGE_ROUTES.find(([path]) => path.test(req.path));
    // Somebody who opens a wrong address sees the page's own words for it; a program reads JSON.
    const isForPeople = route !== undefined || req.accepts(['json', 'html']) === 'html';
    if ((req.method !== 'GET' && req.method !== 'HEAD') || !isForPeople) {
      next(new NotFoundError(`There is nothing at ${req.path}.`));
      return;
    }
    if (!route) res.status(404);
    res.setHeader('Cache-Control', NO_CACHE);
    const file = [route?.[1] ?? 'index.html', 'index.html']
      .map((name) => join(distDir, name))
      .find((path) => existsSync(path));
    if (!file) {
      res.status(503).type('html').send(MISSING_PAGE);
      return;
    }
    const links = preloads(req.url);
    if (links) res.setHeader('Link', links);
    const compressed = file + suffixFor(req);
    const best = existsSync(compressed) ? compressed : file;
    describeFile(res, best);
    res.sendFile(best, { dotfiles: 'allow', cacheControl: false }, (error) => error && next(error));
  };
}

/** For a checkout in which the page was not built: `npm start` builds it, starting the server by hand does not. */
const MISSING_PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Stackmend: the page is not built</title>
<h1>The page is not built yet</h1>
<p>The server runs and takes events. To see them, build the page with <code>npm run build</code> and load this again;
<code>npm start</code> does both.</p>
</html>
`;
