import { expect, it, test } from 'vitest';
import { filePage, repositoryPage } from '../../../../server/source/links.ts';

test.each<[string, string, string | null]>([
  ['https://github.com/acme/shop.git', 'https://github.com/acme/shop', 'github'],
  ['https://github.com/acme/shop/', 'https://github.com/acme/shop', 'github'],
  ['https://user:t0ken@github.com/acme/shop', 'https://github.com/acme/shop', 'github'],
  ['git@github.com:acme/shop.git', 'https://github.com/acme/shop', 'github'],
  ['ssh://git@GitHub.com:22/acme/shop.git', 'https://github.com/acme/shop', 'github'],
  ['git://github.com/acme/shop', 'https://github.com/acme/shop', 'github'],
  ['git@gitlab.com:group/sub/shop.git', 'https://gitlab.com/group/sub/shop', 'gitlab'],
  ['http://gitlab.intra.example:8080/acme/shop.git', 'http://gitlab.intra.example:8080/acme/shop', 'gitlab'],
  ['git@git.example.com:acme/shop.git', 'https://git.example.com/acme/shop', null],
  ['https://notgithub.com/acme/shop', 'https://notgithub.com/acme/shop', null],
  ['https://github.com/acme/a b"><script>', 'https://github.com/acme/a%20b%22%3E%3Cscript%3E', 'github'],
])('%j is the page %j', (address, url, provider) => expect(repositoryPage(address)).toMatchObject({ url, provider }));

test.each([
  ...[
    '',
    '/srv/git/shop.git',
    '../shop',
    'C:\\git\\shop',
    'file:///srv/git/shop',
    'javascript:alert(1)',
    'data:text/html,x',
  ],
  ...[
    'https://',
    'https://github.com',
    'https://github.com/',
    'git@github.com:',
    'ext::sh -c x',
    'ssh://-oProxyCommand=x/y',
  ],
  ...['ssh://a%20b/acme/shop', 'javascript://github.com/%0aalert(1)'],
])('%j leads to no page', (address) => expect(repositoryPage(address)).toBeNull());

it('names a file of it, whatever the name is', () => {
  const github = repositoryPage('git@github.com:acme/shop.git');
  const gitlab = repositoryPage('https://git.example.com/acme/shop', 'gitlab');
  if (!github || !gitlab) throw new Error('no page');
  expect(filePage(github, 'src/a.py', 'abc')).toBe('https://github.com/acme/shop/blob/abc/src/a.py');
  expect(filePage(gitlab, 'src/a.py', 'feature/x')).toBe('https://git.example.com/acme/shop/-/blob/feature/x/src/a.py');
  expect(filePage(github, 'a b/#?%"<>\n\uD800.py', 'HEAD')).toBe(
    'https://github.com/acme/shop/blob/HEAD/a%20b/%23%3F%25%22%3C%3E%0A%EF%BF%BD.py',
  );
  expect(filePage({ ...github, provider: null }, 'a.py', 'HEAD')).toBeNull();
});
