/** Letters and digits drawn once: each canary gets its own by its number, so that no two are alike. */
function drawn(
  number: number,
  length: number,
  letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
): string {
  let state = 7919 * (number + 1);
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return letters[Math.floor((state / 2_147_483_647) * letters.length)];
  }).join('');
}
const HEX = '0123456789abcdef';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function withCheckDigit(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return digits + ((10 - (sum % 10)) % 10);
}

/** In Germany, whose letters count as 13 and 14. */
function ibanOf(account: string): string {
  const check = 98n - (BigInt(`${account}131400`) % 97n);
  return `DE${String(check).padStart(2, '0')}${account}`;
}

/** What to plant, around the part that must not leave. */
export type Planted = { text: string; secret: string };
type Make = (number: number) => Planted;

/** `secret` within `text`, where it is `#`. */
const around = (text: string, secret: string): Planted => ({ text: text.replace('#', () => secret), secret });

/** Told by how they look, wherever they stand: in names of functions and files as well. */
export const BY_LOOKS: Record<string, Make> = {
  'e-mail': (n) => around('for # failed', `canary${n}.person@mail${n}.example`),
  'e-mail in a URL': (n) => around('GET /u?to=#', `canary${n}.person%40mail${n}.example`),
  'IPv4 address': (n) => around('from #:443', `198.51.${n % 250}.${(n * 7) % 250}`),
  'IPv6 address': (n) => around('from #', `2001:db8:${(n % 9000) + 1000}::${(n % 900) + 100}:7`),
  'card number': (n) => around('card # declined', withCheckDigit(`4${String(100_000_000_000_00 + n * 7919)}`)),
  'account number': (n) => around('to # refused', ibanOf(`${String(370_400_440_000_000_000 + n * 7919)}`)),
  'phone number': (n) => around('call # failed', `+49 151 ${String(20_000_000 + n * 7919)}`),
  'address of a network card': (n) =>
    around(
      'lease #',
      [0, 26, 43, n >> 16, (n >> 8) & 255, n & 255].map((byte) => byte.toString(16).padStart(2, '0')).join(':'),
    ),
  'OpenAI key': (n) => around('use # now', `sk-proj-${drawn(n, 40)}`),
  'Anthropic key': (n) => around('use # now', `sk-ant-api03-${drawn(n, 40)}`),
  'AWS key id': (n) => around('as #', `AKIA${drawn(n, 16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`),
  'AWS secret': (n) => around('with #', drawn(n, 40, BASE64)),
  'GitHub token': (n) => around('remote # refused', `ghp_${drawn(n, 36)}`),
  'GitLab token': (n) => around('remote # refused', `glpat-${drawn(n, 20)}`),
  'Slack token': (n) => around('chat #', `xoxb-${drawn(n, 12, '0123456789')}-${drawn(n, 24)}`),
  'Slack webhook': (n) =>
    around('POST https://hooks.slack.com/services/#', `T${drawn(n, 8)}/B${drawn(n, 8)}/${drawn(n, 24)}`),
  'Stripe key': (n) => around('pay with #', `sk_live_${drawn(n, 24)}`),
  'Google key': (n) => around('map #', `AIza${drawn(n, 35)}`),
  'npm token': (n) => around('publish #', `npm_${drawn(n, 36)}`),
  'PyPI token': (n) => around('publish #', `pypi-AgEIcHlwaS5vcmc${drawn(n, 60)}`),
  'SendGrid key': (n) => around('mail #', `SG.${drawn(n, 22)}.${drawn(n + 1, 43)}`),
  'Twilio key': (n) => around('call #', `SK${drawn(n, 32, HEX)}`),
  JWT: (n) => around('jwt #', `eyJ${drawn(n, 30)}.eyJ${drawn(n + 1, 40)}.${drawn(n + 2, 43)}`),
  'SSH key': (n) => around('key #', `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${drawn(n, 43)} canary${n}@laptop`),
  'password in a URL': (n) => around('redis://app:#@cache:6379', `hunter${n}x`),
  'random letters and digits': (n) => around('nonce # seen', drawn(n, 44)),
  'random base64': (n) => around('blob # seen', `${drawn(n, 43, BASE64)}=`),
  'random hexadecimal': (n) => around('key # seen', drawn(n, 48, HEX)),
  UUID: (n) =>
    around(
      'user # left',
      `${drawn(n, 8, HEX)}-${drawn(n + 1, 4, HEX)}-4${drawn(n, 3, HEX)}-9${drawn(n, 3, HEX)}-${drawn(n + 2, 12, HEX)}`,
    ),
  'home directory': (n) => around('open /home/#/x', `person${n}`),
  'home directory of Windows': (n) => around('open C:\\Users\\#\\x', `Person ${n}`),
  'host of a private network': (n) => around('connect db-#', `${n}.prod.internal`),
};

/** Told by what stands before them, so only in words. */
export const BY_NAME: Record<string, Make> = {
  'named password': (n) => around('login "password": "#" failed', `hunter${n}y`),
  'password of a connection string': (n) => around('Server=db;Password=#;', `hunter${n}z`),
  'bearer token': (n) => around('Bearer #', `${drawn(n, 12)}9`),
  'cookie header': (n) => around('Cookie: #', `theme=dark; remember=hunter${n}c`),
  'authorization header': (n) => around('Authorization: Digest #', `username="hunter${n}d"`),
  'query parameter': (n) => around('GET /x?access_token=#&y=1', `hunter${n}q`),
  'token in a path': (n) => around('GET /reset/#/', `${drawn(n, 4)}1a2b3c${n}`),
  'credentials of curl': (n) => around('curl -u # https://x.example', `app:hunter${n}u`),
  element: (n) => around('<db><password>#</password></db>', `hunter${n}e`),
  'API key': (n) => around('X-Api-Key: #', `hunter${n}k`),
  'password in brackets and more': (n) => around('{"password": "[prod] #"}', `hunter${n}b`),
  'password in a pair': (n) => around("('password', '#')", `hunter${n}p`),
  'password of a statement': (n) => around("ALTER USER app WITH PASSWORD '#'", `hunter${n}s`),
  'password of a client': (n) => around('mysql -u root -p# shop', `hunter${n}m`),
  'password in words': (n) => around('the password is # today', `hunter${n}w`),
  'password in German': (n) => around('Passwort: # falsch', `hunter${n}g`),
  'element with a section': (n) => around('<token><![CDATA[#]]></token>', `hunter${n}t`),
  'attribute of a setting': (n) => around('<add key="Password" value="#"/>', `hunter${n}a`),
  'password in an escaped URL': (n) => around('redis:\\/\\/app:#@cache', `hunter${n}r`),
};
