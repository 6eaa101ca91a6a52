import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type RequestHandler, Router } from 'express';
import { NotFoundError } from '../protocol/errors.ts';

const YEAR_MS = 365 * 24 * 3_600_000;
const NO_CACHE = 'no-cache';

/** Paths of the page's own routes; anything else that is no file is not found, not the page. */
const PAGE_ROUTES = /^\/(?:$|(?:issues|setup|settings|events|projects|login)(?:\/|$))/;

/**
 * The built page.
 * @param distDir where Vite put it
 * @param contentTypes by file extension (`.wasm`), beyond what the `send` package knows
 */
export function staticFiles(distDir: string, contentTypes: Readonly<Record<string, string>>): Router {
  const router = Router();
  const setContentType = (res: { setHeader(name: string, value: string): unknown }, path: string) => {
    const extension = /\.[^./\\]+$/.exec(path)?.[0] ?? '';
    const type = Object.hasOwn(contentTypes, extension) ? contentTypes[extension] : undefined;
    if (type) res.setHeader('Content-Type', type);
  };
  // Vite puts a hash into every name under /assets/, so that a name's bytes never change.
  router.use(
    '/assets',
    express.static(join(distDir, 'assets'), {
      immutable: true,
      maxAge: YEAR_MS,
      index: false,
      redirect: false,
      dotfiles: 'ignore',
      setHeaders: setContentType,
    }),
  );
  router.use(
    express.static(distDir, {
      index: false,
      redirect: false,
      dotfiles: 'ignore',
      setHeaders: (res, path) => {
        res.setHeader('Cache-Control', NO_CACHE);
        setContentType(res, path);
      },
    }),
  );
  router.use(page(join(distDir, 'index.html')));
  return router;
}

function page(indexFile: string): RequestHandler {
  return (req, res, next) => {
    if ((req.method !== 'GET' && req.method !== 'HEAD') || !PAGE_ROUTES.test(req.path)) {
      next(new NotFoundError(`There is nothing at ${req.path}.`));
      return;
    }
    res.setHeader('Cache-Control', NO_CACHE);
    if (existsSync(indexFile)) {
      res.sendFile(indexFile, { dotfiles: 'allow', cacheControl: false }, (error) => error && next(error));
      return;
    }
    res.status(503).type('html').send(MISSING_PAGE);
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
