import { describe, expect, it, test } from 'vitest';
import { enclosingFunction } from '../../../../server/ai/evidence-function.ts';
import { headAround, outlineOf } from '../../../../server/ai/evidence-outline.ts';

/** The function around the line that has `<here>`. */
function around(source: string, path: string, maxLines?: number): string[] | undefined {
  const lines = source.replace(/^\n/, '').split('\n');
  const line = lines.findIndex((text) => text.includes('<here>')) + 1;
  return enclosingFunction(lines, line, path, maxLines)?.lines.map((text) => text.trim());
}

const PYTHON = `
import os

@cached
# Of one line.
async def tax(
    line,
    order,
):
    if line.reduced:

        return <here>
    return 2

def other():
    pass
`;
const RUBY = `
class Account
  def initialize(name)
    @name = name
  end

  # What is left.
  def available
    balance + <here>
  rescue TypeError
    0
  end

  def covers?
  end
end
`;
const TYPESCRIPT = `
export class Cache<T> {
  get(key: string): T {
    return this.map.get(key);
  }

  private async set(
    key: string,
    value: T,
  ): Promise<void> {
    for (const one of this.all) {
      if (one) <here>
    }
  }
}
`;
const EXPRESS = `
const app = express();
app.post('/total', async (req, res) => {
  const items = itemsOf(req);
  items.map((item) => {
    return item.<here>
  });
});
const rest = 1;
`;
const GO = `
type Grid struct {
	cells []bool
}

// At is whether a cell lives.
func (g *Grid) At(x, y int) bool {
	if x < 0 {
		return <here>
	}
	return false
}

func other() {}
`;
const CSHARP = `
public class Billing
{
    [Obsolete]
    public static decimal Charge(Order order)
    {
        if (order.Total > 0)
        {
            return <here>;
        }
        return 0;
    }

    private int x;
}
`;
const PHP = `
class Cart {
    public function total(array $items): int {
        foreach ($items as $item) {
            $sum += <here>;
        }
        return $sum;
    }
}
`;

test.each([
  ['Python, with a decorator and a head of several lines', PYTHON, 'a.py', '@cached', 'return 2'],
  ['Ruby, with its rescue', RUBY, 'a.rb', '# What is left.', 'end'],
  ['TypeScript, a method with parameters below one another', TYPESCRIPT, 'a.ts', 'private async set(', '}'],
  ['a handler of Express, whole', EXPRESS, 'app.js', "app.post('/total', async (req, res) => {", '});'],
  ['Go, with its comment', GO, 'grid.go', '// At is whether a cell lives.', '}'],
  ['C#, with the brace on a line of its own', CSHARP, 'Billing.cs', '[Obsolete]', '}'],
  ['PHP', PHP, 'Cart.php', 'public function total(array $items): int {', '}'],
])('finds the function of %s', (_, source, path, first, last) => {
  const lines = around(source, path);
  expect(lines?.[0]).toBe(first);
  expect(lines?.at(-1)).toBe(last);
  expect(lines?.join('\n')).toContain('<here>');
  expect(lines?.join('\n')).not.toMatch(/other|covers|rest = 1|int x/);
});

describe('the function around a line', () => {
  it('is the outermost that is short enough', () => {
    const inner = around(EXPRESS, 'app.js', 4);
    expect(inner).toEqual(['items.map((item) => {', 'return item.<here>', '});']);
  });

  it('is shown around the line where it is too long, and not beyond its ends', () => {
    const body = Array.from({ length: 200 }, (_, index) => (index === 190 ? '    <here>' : `    step${index}()`));
    const lines = around(['def long():', ...body, 'x = 1'].join('\n'), 'a.py', 30);
    expect(lines?.length).toBe(30);
    expect(lines).toContain('<here>');
    expect(lines?.at(-1)).toBe('step199()');
  });

  it('is some lines at the top of a module', () => {
    const lines = around(
      Array.from({ length: 100 }, (_, index) => (index === 50 ? '<here>' : `a${index} = 1`)).join('\n'),
      'a.py',
    );
    expect(lines?.length).toBe(41);
    expect(lines?.[20]).toBe('<here>');
  });

  test.each([0, -1, 1.5, 4, Number.NaN])('there is none around line %f of three', (line) => {
    expect(enclosingFunction(['a', 'b', 'c'], line, 'a.py')).toBeNull();
  });

  it('takes little time in a file that was made to take much', () => {
    const lines = Array.from(
      { length: 20_000 },
      (_, index) => `${' '.repeat(index % 50)}a${'('.repeat(300)}${' '.repeat(300)}{`,
    );
    const start = performance.now();
    for (const path of ['a.py', 'a.rb', 'a.ts', 'a.go', 'a.java', 'a.php', 'constructor', '__proto__']) {
      enclosingFunction(lines, 19_999, path);
      outlineOf(lines, path);
    }
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe('the outline of a file', () => {
  const outline = (source: string, path: string) => outlineOf(source.replace(/^\n/, '').split('\n'), path);
  const named = (source: string, path: string, name: string) =>
    outline(source, path)
      .filter((one) => one.name === name)
      .map(({ lines }) => lines[0]?.trim());

  it('has functions with what stands above them', () => {
    expect(named(GO, 'a.go', 'At')).toEqual(['// At is whether a cell lives.']);
    expect(named(PYTHON, 'a.py', 'tax')).toEqual(['@cached']);
  });

  it('has constructors by the name of their class', () => {
    expect(named(RUBY, 'a.rb', 'Account')).toContain('def initialize(name)');
    expect(named(RUBY, 'a.rb', 'initialize')).toEqual([]);
  });

  test.each([
    ['a struct', 'a.go', '// Order is one.\ntype Order struct {\n\tLines []Line `json:"lines"`\n}\n', 'Order', 4],
    ['a type', 'a.ts', 'export type Order = {\n  lines: Line[];\n};\n', 'Order', 3],
    ['an interface', 'a.ts', 'export interface Order {\n  lines: Line[];\n}\n', 'Order', 3],
    ['a class of data', 'a.py', '@dataclass\nclass Order:\n    lines: list\n\n\nother = 1\n', 'Order', 3],
    ['a value', 'a.py', 'DEFAULTS = {\n    "width": 72,\n}\n', 'DEFAULTS', 3],
    ['a value with a type', 'a.ts', 'export const WIDTH: number = 72;\n', 'WIDTH', 1],
    ['a constant of a class', 'a.rb', 'class A\n  UNITS = {\n    kg: 1\n  }.freeze\nend\n', 'UNITS', 3],
    ['a setting of Go', 'a.go', 'var known = map[string]int{\n\t"a": 1,\n}\n', 'known', 3],
  ])('has %s', (_, path, source, name, length) => {
    expect(outline(source, path).find((one) => one.name === name)?.lines.length).toBe(length);
  });

  it('has no class that is long, and its methods', () => {
    const methods = Array.from({ length: 30 }, (_, index) => `    def m${index}(self):\n        pass\n`).join('\n');
    const names = outline(`class Long:\n${methods}`, 'a.py').map(({ name }) => name);
    expect(names).not.toContain('Long');
    expect(names).toContain('m29');
  });

  it('knows the class around a line', () => {
    const lines = 'module Shop\n  class Ost < Base\n    def a\n    end\n  end\nend\n'.split('\n');
    expect(headAround(lines, 3)).toBe('class Ost < Base');
    expect(headAround(lines, 2)).toBe('module Shop');
    expect(headAround(lines, 1)).toBeNull();
    expect(headAround(['def a():', '    pass'], 1)).toBeNull();
  });
});
