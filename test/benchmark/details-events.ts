/** Events that are hard on the page: long stack traces, many variables, many breadcrumbs. Each text is another one, as in real events. */

type Size = {
  frames: number;
  /** Of each frame. */
  variables: number;
  breadcrumbs: number;
  /** How many chained exceptions share the frames; a stack trace is stored with 500 of its own at most. */
  exceptions?: number;
};

/** On the page once the frame that failed is open. @param number tells events of one size apart */
export const failingLine = (number: number): string => `raise ValueError("entry ${number} does not balance")`;

/** An event of Python as its SDK sends it, with an issue for each `type`. */
export function detailedEvent(type: string, number: number, size: Size): Record<string, unknown> {
  const { exceptions = 1 } = size;
  const values = Array.from({ length: exceptions }, (_, index) => ({
    type: index === exceptions - 1 ? type : `Cause${index}Error`,
    value: `entry ${number} does not balance`,
    stacktrace: { frames: framesOf(number, index, size, size.frames / exceptions) },
  }));
  return {
    platform: 'python',
    level: 'error',
    release: 'ledger@1.0.0',
    timestamp: Date.now() / 1000,
    exception: { values },
    breadcrumbs: { values: Array.from({ length: size.breadcrumbs }, (_, index) => breadcrumb(number, index)) },
  };
}

function framesOf(number: number, exception: number, { variables }: Size, length: number) {
  return Array.from({ length }, (_, index) => {
    const name = `${exception}_${index}`;
    const lines = (from: number) =>
      Array.from({ length: 5 }, (_, n) => `    step_${from + n} = ledger.post(${number}, ${n})`);
    return {
      filename: `ledger/module_${name}.py`,
      abs_path: `/srv/app/ledger/module_${name}.py`,
      module: `ledger.module_${name}`,
      function: `post_${name}`,
      lineno: 100 + index,
      in_app: index % 2 === 1,
      pre_context: lines(index),
      context_line: `    ${failingLine(number)}`,
      post_context: lines(index + 6),
      vars: Object.fromEntries(Array.from({ length: variables }, (_, n) => [`value_${n}`, variable(number, index, n)])),
    };
  });
}

/** One of four kinds: a number, a text, the repr of an object, an object that folds. */
function variable(number: number, index: number, n: number): unknown {
  if (n % 4 === 0) return String(number * index + n);
  if (n % 4 === 1) return `'account ${number}-${index}-${n} of the main ledger'`;
  if (n % 4 === 2) return `<ledger.models.Entry object at 0x7f${(number * 4096 + index * 64 + n).toString(16)}>`;
  return { id: String(index), amount: String(n), tags: [`'a${number}'`, `'b${index}'`], parent: { id: 'None' } };
}

function breadcrumb(number: number, index: number) {
  return {
    timestamp: Date.now() / 1000 - 200 + index,
    type: index % 3 === 0 ? 'http' : 'default',
    category: index % 3 === 0 ? 'httplib' : 'query',
    level: index % 20 === 0 ? 'warning' : 'info',
    message: `SELECT * FROM entry WHERE ledger = ${number} AND id = ${index} AND state = 'open'`,
    data: { url: `https://ledger.example/api/entries/${index}/`, method: 'POST', status_code: 200, took: index },
  };
}
