import { expect, test } from 'vitest';
import { withoutPrefix } from '../../../../server/http/prefix.ts';

test.each([
  ['/api/0/', '', '/api/0/'],
  ['/stackmend/api/0/?a=b', '/stackmend', '/api/0/?a=b'],
  ['/api/0/', '/stackmend', '/api/0/'],
  ['/stackmend', '/stackmend', '/'],
  ['/stackmend?a=/x', '/stackmend', '/?a=/x'],
  ['/stackmend/', '/stackmend', '/'],
  ['/stackmendx/', '/stackmend', '/stackmendx/'],
  ['/a/stackmend/', '/stackmend', '/a/stackmend/'],
  ['/one/two/x', '/one/two', '/x'],
])('%s under "%s" is %s', (target, base, rest) => expect(withoutPrefix(target, base)).toBe(rest));
