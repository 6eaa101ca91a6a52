/** A program that throws, built and minified by Vite, and its stack trace as V8 gives it. */
import { runInNewContext } from 'node:vm';
import { build, type Rollup } from 'vite';
import type { FrameToMap } from '../../../../../server/artifacts/symbolicate/answer.ts';

const MODULES: Record<string, string> = {
  'src/main.ts': `import { checkout } from './checkout.ts';
import { twice } from 'fancy-lib';

export function start(orders: number[]): void {
  twice(() => {
    for (const order of orders) checkout({ id: order, amount: -order });
  });
}
start([12]);
`,
  'src/checkout.ts': `type Order = { id: number; amount: number };

export class Register {
  #open = true;
  charge(order: Order): number {
    if (order.amount <= 0) {
      throw new RangeError(\`amount of order \${order.id} must be positive\`);
    }
    return this.#open ? order.amount : 0;
  }
}

const finishPayment = (order: Order) => {
  const register = new Register();
  return register.charge(order) + register.charge(order);
};

export function checkout(order: Order): number {
  const paid = finishPayment(order);
  console.log(paid, finishPayment, checkout.name);
  return paid + finishPayment(order);
}
`,
  'node_modules/fancy-lib/index.js': `export function twice(callback) {
  const label = "} tricky { string";
  if (/[}\\/]{2}/.test(label)) return;
  callback();
  callback();
}
export const again = twice;
`,
};

export type Built = {
  code: string;
  /** JSON. */
  map: string;
  /** Address that it ran under. */
  url: string;
  /** Oldest first, of the bundle alone. */
  frames: FrameToMap[];
};

/** Other code in front, so that all is elsewhere and has other names. */
const EXTRA = `const more = (a) => a * 2;
export function other(a) { return more(a) + more(a + 1) + other.length; }
globalThis.other = other;
`;

/** @param options.url the address that it runs under @param options.isOther another build of it */
export async function buildProgram({
  url = 'https://shop.example/assets/index.js',
  isOther = false,
} = {}): Promise<Built> {
  const modules: Record<string, string> = isOther
    ? { ...MODULES, 'src/extra.js': EXTRA, 'src/main.ts': `import './extra.js';\n${MODULES['src/main.ts']}` }
    : MODULES;
  const result = await build({
    root: '/program',
    configFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'program',
        enforce: 'pre',
        resolveId: (id) => {
          if (id === 'fancy-lib') return '/program/node_modules/fancy-lib/index.js';
          const path = id.replace(/^\.\//, 'src/').replace(/^\/program\//, '');
          return modules[path] === undefined ? null : `/program/${path}`;
        },
        load: (id) => modules[id.replace('/program/', '')] ?? null,
      },
    ],
    build: {
      write: false,
      sourcemap: true,
      minify: true,
      rolldownOptions: {
        input: '/program/src/main.ts',
        output: { format: 'iife', name: 'shop', entryFileNames: 'assets/index.js' },
        preserveEntrySignatures: 'strict',
      },
    },
  });
  const { output } = result as Rollup.RollupOutput;
  const chunk = output.find((file): file is Rollup.OutputChunk => file.type === 'chunk');
  if (!chunk?.map) throw new Error('Vite made no map.');
  const map = chunk.map.toString();
  return { code: chunk.code, map, url, frames: framesOf(stackOf(chunk.code, url)) };
}

function stackOf(code: string, url: string): string {
  try {
    runInNewContext(code, { console: { log: () => {} } }, { filename: url });
  } catch (error) {
    return String((error as Error).stack);
  }
  throw new Error('The program did not throw.');
}

/** V8's lines, as SDKs read them: `?` for a function without a name. */
function framesOf(stack: string): FrameToMap[] {
  return stack
    .split('\n')
    .flatMap((line) => {
      const [, name, url, row, column] = /^\s+at (?:(.*) \()?(\w+:\/\/.*):(\d+):(\d+)\)?$/.exec(line) ?? [];
      return url ? [{ url, line: Number(row), column: Number(column), function: name ?? '?' }] : [];
    })
    .reverse();
}
