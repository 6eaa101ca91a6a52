import { describe, expect, it, test } from 'vitest';
import { bareName, originalFunctionName } from '../../../../../server/artifacts/symbolicate/function-name.ts';
import { toLines } from '../../../../../server/artifacts/symbolicate/lines.ts';
import type { Found, SourceMap } from '../../../../../server/artifacts/symbolicate/source-map.ts';

/** Each word of the generated code leads to the word beside it in the source: `t` to `total`. */
function files(code: string, source: string, names: [generated: string, original: string, nth?: number][]) {
  const generated = toLines(code);
  const lines = toLines(source);
  const content = { url: 'a.ts', content: source, isIgnored: false };
  const at = new Map<string, Found>();
  for (const [word, original, nth = 0] of names) {
    const offset = nthIndexOf(code, word, nth);
    const target = source.indexOf(original);
    const [row, column] = [generated.lineAt(offset), lines.lineAt(target)];
    at.set(`${row}:${offset - generated.startOf(row)}`, {
      source: content,
      line: column,
      column: target - lines.startOf(column),
      name: null,
      isExact: true,
    });
  }
  const somewhere: Found = { source: content, line: 0, column: 0, name: null, isExact: false };
  const map: SourceMap = { find: (line, column) => at.get(`${line}:${column}`) ?? somewhere, bytes: 0 };
  return { map, generated, linesOf: () => lines };
}

function nthIndexOf(text: string, word: string, nth: number): number {
  let at = text.indexOf(word);
  for (let left = nth; left > 0; left -= 1) at = text.indexOf(word, at + 1);
  return at;
}

/** `!` marks where the frame is. */
function nameOf(
  code: string,
  name: string,
  source: string,
  names: [string, string, number?][] = [[name, source.split(/\W/)[0] ?? '']],
) {
  const column = code.indexOf('!');
  return originalFunctionName({ name, line: 0, column }, null, files(code.replace('!', ''), source, names));
}

describe('the definition around the position', () => {
  test.each([
    ['a function', 'function t(e){return !e()}', 't'],
    ['a generator', 'function*t(e){return !e()}', 't'],
    ['an async function', 'async function t(e){return !e()}', 't'],
    ['a class', 'class t{constructor(){!e()}}', 't'],
    ['a function that is assigned', 'var a=1,t=function(e){return !e()}', 't'],
    ['an arrow function', 'let t=(e,n)=>{!e(n)}', 't'],
    ['an arrow function of one parameter', 'let t=e=>!e(n)', 't'],
    ['an async arrow function', 'let t=async e=>!e(n)', 't'],
    ['a method', 'class a{b(){return 1}t(e){return !e()}}', 't'],
    ['a property', 'a={b:1,t:function(){return !e()}}', 't'],
    ['a property of a prototype', 'a.prototype.t=function(){return !e()}', 't'],
    ['one that has defaults in brackets', 'function t({a:e}={},[n]=[]){return !e()}', 't'],
    ['one with brackets in strings and comments', 'function t(){var a=\'}\',b="\\"}",c=`}`/*}*/;return !e()}', 't'],
    ['one with brackets in regular expressions', 'function t(a){if(/[/}]+}/.test(a))return 4/2/1;return !e()}', 't'],
    [
      'one after another of its name that is over',
      'function t(){return 1}!function(){}();function n(){}var t=function(){return !e()}',
      't',
      1,
    ],
  ])('of %s', (_, code, name, nth = 0) => {
    const position = code.lastIndexOf('!');
    const marked = `${code.slice(0, position).replaceAll('!', ' ')}${code.slice(position)}`;
    const definition =
      nth === 0 ? marked.search(new RegExp(`\\b${name}\\b(?=[(={:{])|\\b${name}\\{`)) : marked.indexOf('t=function');
    const before = marked.slice(0, definition).split(name).length - 1;
    expect(nameOf(marked, name, 'total', [[name, 'total', before]])).toBe('total');
  });

  it('is not one that ends before it', () => {
    expect(nameOf('function t(){return 1}!e()', 't', 'total')).toBeNull();
    expect(nameOf('let t=()=>1,n=!e()', 't', 'total')).toBeNull();
  });

  it('is not a call, and not a part of another name', () => {
    expect(nameOf('t(e);at=function(){return !e()}', 't', 'total')).toBeNull();
  });

  it('leads to the name behind the keywords where the map begins with them', () => {
    expect(nameOf('function t(){return !e()}', 't', 'export async function total() {}', [['t(', 'export']])).toBe(
      'total',
    );
  });

  it('is not looked for through megabytes', () => {
    const started = performance.now();
    expect(nameOf(`function t(){${'t(t);'.repeat(1_000_000)}!e()}`, 't', 'total')).toBeNull();
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('without the generated file', () => {
  const caller = { line: 0, column: 4 };
  const call = (source: string, at: string, name = 't') => {
    const { map, linesOf } = files('let t(e)', source, [['t(', at]]);
    return originalFunctionName({ name, line: 5, column: 0 }, caller, { map, generated: null, linesOf });
  };

  it('the caller says how it called it', () => {
    expect(call('const paid = total(order);', 'total(')).toBe('total');
    expect(call('const paid = total?.(order);', 'total?')).toBe('total');
  });

  it('the caller says nothing where it calls nothing', () =>
    expect(call('const paid = total + 1;', 'total')).toBeNull());

  it('a name that was not minified stays', () => {
    expect(call('class Order { checkout() {} }', 'class', 'e.checkout')).toBe('checkout');
    expect(call('class Order { pay() {} }', 'class', 'e.checkout')).toBeNull();
    // Too short to say that it is the same.
    expect(call('let of = 1; of + 1', 'let', 'of')).toBeNull();
  });
});

test.each([
  ['async e.t', 'async ', 't'],
  ['new n', 'new ', 'n'],
  ['Object.run [as go]', '', 'run'],
  ['a/b/<', '', null],
  ['t/<', '', 't'],
  ['get total', '', 'total'],
  ['e.#secret', '', 'secret'],
  ['HTMLButtonElement.<anonymous>', '', null],
  ['?', '', null],
  ['', '', null],
  ['größe', '', 'größe'],
  ['x'.repeat(1000), '', 'x'.repeat(200)],
])('%s is called %s%s', (full, prefix, name) => expect(bareName(full)).toEqual({ prefix, name }));
