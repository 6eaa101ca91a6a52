#!/usr/bin/env node
// The `stackmend` command: starts server/cli.ts under the pinned Node.
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findNode, root, run, serverEnvironment } from './node.mjs';

// Node strips no types from files under node_modules, which is where an installed package is.
const isPackage = root.includes(`${sep}node_modules${sep}`);
const hook = isPackage ? ['--import', pathToFileURL(join(root, 'server', 'strip-types.mjs')).href] : [];
const code = await run(findNode(), [...hook, join(root, 'server', 'cli.ts'), ...process.argv.slice(2)], {
  cwd: process.cwd(),
  env: serverEnvironment(),
});
process.exit(code);
