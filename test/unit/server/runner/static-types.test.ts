import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { staticFiles } from '../../../../server/http/static-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'static-'));
const server = createServer(express().use(staticFiles(folder)));
beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

// Those that Sentry registers by itself at its start; fonts by the names that RFC 8081 has given them since.
test.each([
  ['map', 'application/json'],
  ['woff', 'font/woff'],
  ['woff2', 'font/woff2'],
  ['eot', 'application/vnd.ms-fontobject'],
  ['ttf', 'font/ttf'],
  ['ttc', 'font/collection'],
  ['otf', 'font/otf'],
  ['svg', 'image/svg+xml'],
])('.%s is served as %s with nothing registered', async (extension, type) => {
  writeFileSync(join(folder, `file.${extension}`), 'x');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const response = await fetch(`http://127.0.0.1:${port}/file.${extension}`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')?.split(';')[0]).toBe(type);
});
