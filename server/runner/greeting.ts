/** What the operator is told at the start. Addresses have no slash at the end. */
export type Greeting = {
  /** Where clients reach the server. */
  url: string;
  dsn: string | null;
  /** What it is bound to, as `host:port`; an IPv6 address in brackets. */
  bound: string;
  /** `local`: on loopback without users. `setup`: elsewhere without users. */
  state: 'local' | 'setup' | 'users';
  /** Ends the link that makes the first user; shown in the state `setup` alone. */
  setupToken: string;
  /** Further addresses of a server that listens on all, where none was set. */
  otherUrls: string[];
};

const SENDING = 'Point a Sentry SDK at the DSN, or open the page: it has a snippet for each SDK, and sample events.';

/** @returns several lines, the last of them empty */
export function describeStart(greeting: Greeting): string {
  const { url, dsn, bound, otherUrls } = greeting;
  const lines = [
    `Stackmend   ${url}/`,
    ...(url === `http://${bound}` ? [] : [`Listens on  ${bound}`]),
    ...(otherUrls.length > 0 ? [`Also        ${otherUrls.map((other) => `${other}/`).join('  ')}`] : []),
    ...(dsn ? [`DSN         ${dsn}`] : []),
    '',
    ...STATES[greeting.state](greeting),
    ...describePath(url),
    'Stop with Ctrl-C.',
  ];
  return ['', ...lines.map((line) => (line === '' ? '' : `  ${line}`)), ''].join('\n');
}

const STATES: Record<Greeting['state'], (greeting: Greeting) => string[]> = {
  local: () => [
    SENDING,
    'No user was made yet: whoever opens it on this machine is signed in; from elsewhere, and through a proxy, it takes',
    'events alone. To change that, make the first user: `stackmend users create`.',
  ],
  setup: ({ url, setupToken }) => [
    'No user was made yet. This server can be reached from elsewhere: it takes events, and nothing else until one is made.',
    'Make the first user, who may do everything, at this address. It works once, and for 30 minutes:',
    '',
    `${url}/welcome/#${setupToken}`,
    '',
    'Afterwards restart for a new one, or use `stackmend users create`. If it is opened under another name, set',
    'system.url-prefix to that.',
  ],
  users: () => [SENDING],
};

/** The page's own files are at the root of a name. */
const describePath = (url: string): string[] =>
  new URL(url).pathname === '/'
    ? []
    : [
        'system.url-prefix has a path: events and the API can be sent there, but the page works at the root of a name alone.',
      ];
