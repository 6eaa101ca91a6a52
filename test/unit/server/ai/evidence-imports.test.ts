import { expect, it, test } from 'vitest';
import { importedFiles } from '../../../../server/ai/evidence-imports.ts';

test.each<[string, string, string, string[], string]>([
  [
    'a module of the package',
    'shop/billing.py',
    'from shop.rates import (\n  rate_on,\n  other)',
    ['rate_on', 'other'],
    'shop/rates.py',
  ],
  ['a relative module', 'src/shop/billing.py', 'from .rates import rate_on', ['rate_on'], 'src/shop/rates.py'],
  ['a module above', 'src/shop/web/app.py', 'from ..rates import rate_on', ['rate_on'], 'src/shop/rates.py'],
  ['a module by its package', 'billing.py', 'from shop import rates', ['rates'], 'shop/rates.py'],
  ['a module under another name', 'main.py', 'import shop.rates as r', ['r'], 'shop/rates.py'],
  [
    'TypeScript',
    'src/report.ts',
    "import { type Day, parseDay as parse } from '../dates.ts';",
    ['type', 'Day', 'parseDay', 'as', 'parse'],
    'dates.ts',
  ],
  ['TypeScript that says js', 'src/report.ts', "import dates from './dates.js';", ['dates'], 'src/dates.ts'],
  ['a folder', 'src/report.js', "export { a } from './lib'", ['a'], 'src/lib/index.js'],
  ['require', 'cart.js', "const { productOf } = require('./prices');", ['productOf'], 'prices.js'],
  [
    'a class of Java',
    'src/main/java/com/acme/shop/Cart.java',
    'package com.acme.shop;\n\nimport com.acme.tax.Rates;\n',
    ['Rates'],
    'src/main/java/com/acme/tax/Rates.java',
  ],
  ['Ruby', 'lib/ledger.rb', "require_relative '../account'", [], 'account.rb'],
])('knows the file of %s', (_, path, text, names, file) => {
  const found = importedFiles(text, path).find(({ candidates }) => candidates.includes(file));
  expect(found?.names).toEqual(names);
});

it('knows the folders that a package of Go may be', () => {
  const text = 'package main\n\nimport (\n\t"fmt"\n\tapi "example.com/shop/internal/api"\n)\n';
  expect(importedFiles(text, 'main.go')).toEqual([
    { names: ['api'], candidates: [], folders: ['shop/internal/api', 'internal/api', 'api'] },
  ]);
});

it('knows none of packages, and of languages whose imports name none', () => {
  expect(importedFiles("import express from 'express';\nconst fs = require('node:fs');", 'a.js')).toEqual([]);
  expect(importedFiles('import "fmt"', 'main.go')).toEqual([]);
  expect(importedFiles('import java.util.List;', 'Cart.java')).toEqual([]);
  expect(importedFiles('', 'constructor')).toEqual([]);
});

it('takes little time in a file that was made to take much', () => {
  const start = performance.now();
  for (const [path, text] of [
    ['a.ts', 'import '.repeat(20_000)],
    ['a.ts', 'const a'.repeat(20_000)],
    ['a.py', 'from a import ('.repeat(10_000)],
    ['a.py', `from ${'a.'.repeat(50_000)}`],
    ['a.rb', "require_relative '".repeat(10_000)],
  ] as const) {
    importedFiles(text, path);
  }
  expect(performance.now() - start).toBeLessThan(3000);
});
