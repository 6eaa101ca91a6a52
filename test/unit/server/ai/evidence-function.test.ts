import { describe, expect, it, test } from 'vitest';
import { enclosingFunction, functionsNamed } from '../../../../server/ai/evidence-function.ts';

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
      functionsNamed(lines, new Set(['a']), path);
    }
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe('functions by name', () => {
  const named = (source: string, path: string, ...names: string[]) =>
    functionsNamed(source.replace(/^\n/, '').split('\n'), new Set(names), path).map(({ lines }) => lines[0]?.trim());

  it('are found with what stands above them', () => {
    expect(named(GO, 'a.go', 'At', 'missing')).toEqual(['// At is whether a cell lives.']);
    expect(named(PYTHON, 'a.py', 'tax', 'other')).toEqual(['@cached', 'def other():']);
  });

  it('are constructors by the name of their class', () => {
    expect(named(RUBY, 'a.rb', 'Account')).toEqual(['def initialize(name)']);
    expect(named(RUBY, 'a.rb', 'initialize')).toEqual([]);
  });
});
