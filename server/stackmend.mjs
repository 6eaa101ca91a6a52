#!/usr/bin/env node
// The `stackmend` command: starts server/cli.ts under the pinned Node.
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findNode, installIfNeeded, root, run, serverEnvironment } from './node.mjs';

// Node strips no types from files under node_modules, which is where an installed package is.
const isPackage = root.includes(`${sep}node_modules${sep}`);
if (!isPackage) installIfNeeded();
const hook = isPackage
  ? ['--disable-warning=ExperimentalWarning', '--import', pathToFileURL(join(root, 'server', 'strip-types.mjs')).href]
  : [];
// `npm run` changes to the package's folder; files are named from where the user is.
const isRunByNpm = process.env.npm_lifecycle_event === 'stackmend' && process.env.INIT_CWD;
const code = await run(findNode(), [...hook, join(root, 'server', 'cli.ts'), ...process.argv.slice(2)], {
  cwd: isRunByNpm ? process.env.INIT_CWD : process.cwd(),
  env: serverEnvironment(),
});
process.exit(code);
