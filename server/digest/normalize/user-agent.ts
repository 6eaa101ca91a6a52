/**
 * What a `User-Agent` header says of browser, system and device, for those that people mostly see. A table of our own:
 * the libraries for it carry hundreds of patterns, some of them not linear, for crawlers and consoles that we do not show.
 */
export type UserAgent = {
  browser: { name: string; version?: string } | null;
  os: { name: string; version?: string } | null;
  device: { family: string; model?: string } | null;
};

/** A header longer than this is not read; real ones stay under 400. */
const MAX_LENGTH = 1000;

/** The first that matches counts: Edge and Opera also say Chrome, and Chrome also says Safari. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?(?:iOS)?\/([\d.]{1,30})/, 'Edge'],
  [/\bEdge\/([\d.]{1,30})/, 'Edge'],
  [/\bOPR\/([\d.]{1,30})/, 'Opera'],
  [/\bSamsungBrowser\/([\d.]{1,30})/, 'Samsung Internet'],
  [/\bElectron\/([\d.]{1,30})/, 'Electron'],
  [/\bHeadlessChrome\/([\d.]{1,30})/, 'HeadlessChrome'],
  [/\bFxiOS\/([\d.]{1,30})/, 'Firefox iOS'],
  [/\bFirefox\/([\d.]{1,30})/, 'Firefox'],
  [/\bCriOS\/([\d.]{1,30})/, 'Chrome Mobile iOS'],
  [/\bChrome\/([\d.]{1,30})[\d. ]{0,30}Mobile\b/, 'Chrome Mobile'],
  [/\bChrome\/([\d.]{1,30})/, 'Chrome'],
  [/\bVersion\/([\d.]{1,30})[ \w/.]{0,60}Mobile\/\w{1,20}.{0,10}Safari\//, 'Mobile Safari'],
  [/\bVersion\/([\d.]{1,30}).{0,40}Safari\//, 'Safari'],
  [/\b(?:MSIE |Trident\/.{0,100}rv:)([\d.]{1,30})/, 'IE'],
  [/^curl\/([\d.]{1,30})/, 'curl'],
  [/^PostmanRuntime\/([\d.]{1,30})/, 'Postman'],
  [/^python-requests\/([\d.]{1,30})/, 'Python Requests'],
];

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\bWindows Phone(?: OS)? ([\d.]{1,20})/, 'Windows Phone'],
  [/\bWindows NT 10\.0()/, 'Windows'],
  [/\bWindows NT ([\d.]{1,20})/, 'Windows'],
  [/\bAndroid ([\d.]{1,20})/, 'Android'],
  [/\b(?:iPhone|CPU) OS ([\d_]{1,20})/, 'iOS'],
  [/\bMac OS X ([\d_.]{1,20})/, 'Mac OS X'],
  [/\bCrOS \w{1,20} ([\d.]{1,20})/, 'Chrome OS'],
  [/\bUbuntu()\b/, 'Ubuntu'],
  [/\bFedora()\b/, 'Fedora'],
  [/\bLinux()\b/, 'Linux'],
];
/** What Windows called itself, by the version of its kernel. 10.0 is both 10 and 11. */
const WINDOWS = new Map([
  ['6.3', '8.1'],
  ['6.2', '8'],
  ['6.1', '7'],
  ['6.0', 'Vista'],
  ['5.1', 'XP'],
]);

export function parseUserAgent(text: string): UserAgent {
  const agent = text.slice(0, MAX_LENGTH);
  return { browser: browserOf(agent), os: systemOf(agent), device: deviceOf(agent) };
}

function browserOf(agent: string): UserAgent['browser'] {
  for (const [pattern, name] of BROWSERS) {
    const match = pattern.exec(agent);
    if (match) return withVersion(name, match[1]);
  }
  return null;
}

function systemOf(agent: string): UserAgent['os'] {
  for (const [pattern, name] of SYSTEMS) {
    const match = pattern.exec(agent);
    if (!match) continue;
    if (name === 'Windows') return { name, version: WINDOWS.get(match[1] ?? '') ?? (match[1] || '>=10') };
    return withVersion(name, match[1]?.replaceAll('_', '.'));
  }
  return null;
}

function withVersion(name: string, version: string | undefined): { name: string; version?: string } {
  return version ? { name, version } : { name };
}

function deviceOf(agent: string): UserAgent['device'] {
  const apple = /\b(iPhone|iPad|iPod)\b/.exec(agent)?.[1];
  if (apple) return { family: apple, model: apple };
  const android = /\bAndroid [\d.]{1,20}; ([\w .+-]{1,60}?)(?: Build\/[^;)]{0,60})?[;)]/.exec(agent)?.[1]?.trim();
  return android && android !== 'K' ? { family: android, model: android } : null;
}
