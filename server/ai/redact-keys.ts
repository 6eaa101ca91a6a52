import { byPattern, type Rule } from './redact-find.ts';

/**
 * How issuers begin their keys, so that a scanner can tell: each as documented by its issuer, or as seen in its keys where
 * it documents none. What follows the beginning is letters, digits, `_` and `-` unless written here.
 */
const BEGINNINGS: readonly string[] = [
  // AI: OpenAI, Anthropic (sk-ant-), OpenRouter, DeepSeek and others that copied it; Groq, xAI, Perplexity, Hugging Face, Replicate
  'sk-[\\w-]{16,}',
  'gsk_\\w{20,}',
  'xai-\\w{20,}',
  'pplx-\\w{20,}',
  'hf_\\w{20,}',
  'r8_\\w{20,}',
  // Clouds: AWS, Google (API key, OAuth access and refresh token, client secret), DigitalOcean, Heroku, Fly, Cloudflare, Databricks, Tailscale
  '(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Z0-9])',
  'AIza[\\w-]{30,}',
  'ya29\\.[\\w-]{20,}',
  '1\\/\\/0[\\w-]{20,}',
  'GOCSPX-[\\w-]{20,}',
  'do[opr]_v1_\\w{20,}',
  'HRKU-[\\w-]{20,}',
  'fo1_[\\w-]{20,}',
  'FlyV1 [\\w+/=,-]{20,}',
  'v1\\.0-[0-9a-f]{20,}-[0-9a-f]{20,}',
  'dapi[0-9a-f]{32}',
  'tskey-[\\w-]{16,}',
  // Code: GitHub, GitLab, npm, PyPI, RubyGems, crates.io, Docker, Atlassian, Artifactory, Postman, Linear, Figma, Notion
  'gh[pousr]_\\w{20,}',
  'github_pat_\\w{20,}',
  'gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat|oas)-[\\w.-]{18,}',
  'GR1348941[\\w-]{20,}',
  'npm_\\w{30,}',
  'pypi-[\\w-]{16,}',
  'rubygems_[0-9a-f]{40,}',
  'cio[A-Za-z0-9]{32}',
  'dckr_(?:pat|oat)_[\\w-]{20,}',
  'AT(?:ATT3|BB|CTT3)[\\w=-]{20,}',
  'AKCp[\\w]{40,}',
  'PMAK-[\\w-]{20,}',
  'lin_(?:api|oauth)_\\w{20,}',
  'figd_[\\w-]{20,}',
  '(?:ntn|secret)_[A-Za-z0-9]{30,}',
  // Chat and mail: Slack, Discord, Telegram, SendGrid, Mailgun, Mailchimp, Twilio
  'xox[abceoprs]-[\\w-]{10,}',
  'xapp-[\\w-]{10,}',
  'xoxe\\.xox[bp]-[\\w-]{10,}',
  '[MNO][A-Za-z\\d_-]{23,27}\\.[\\w-]{6}\\.[\\w-]{27,40}',
  '\\d{8,10}:AA[\\w-]{33}',
  'SG\\.[\\w-]{16,}\\.[\\w-]{16,}',
  'key-[0-9a-f]{32}',
  '[0-9a-f]{32}-us\\d{1,2}',
  '(?:SK|AC)[0-9a-f]{32}',
  // Money: Stripe, Square, Shopify, PayPal/Braintree
  '(?:sk|pk|rk)_(?:live|test)_\\w{10,}',
  'whsec_[\\w+/=-]{20,}',
  'sq0[a-z]{3}-[\\w-]{20,}',
  'shp(?:at|ss|ca|pa)_[0-9a-f]{20,}',
  'access_token\\$production\\$\\w{10,}\\$\\w{20,}',
  // Operations: Sentry, Grafana, New Relic, Dynatrace, Vault, Doppler, PlanetScale, Supabase, Airtable; and our own
  'sntry[suk]_[\\w+/=-]{20,}',
  'gl(?:sa|c)_[\\w=-]{20,}',
  'NRAK-[A-Z0-9]{20,}',
  'dt0[a-z]\\d{2}\\.[A-Z0-9]{20,}\\.[A-Z0-9]{40,}',
  'hv[sbr]\\.[\\w-]{20,}',
  'dp\\.(?:pt|st|sa|ct|scim|audit)\\.[\\w.-]{20,}',
  'pscale_(?:tkn|pw|oauth)_[\\w.=-]{20,}',
  'sb[ps]_[0-9a-f]{20,}',
  'pat[A-Za-z0-9]{14}\\.[0-9a-f]{40,}',
  'stmk_[\\w-]{30,}',
  // Anywhere: JSON Web Tokens, age, SSH public keys (whose comment is a person at a machine)
  'eyJ[\\w-]{8,}\\.[\\w-]{4,}(?:\\.[\\w-]*)?',
  'AGE-SECRET-KEY-1[A-Z0-9]{20,}',
  '(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp\\d{3}) AAAA[\\w+/=]{20,}(?: [\\w.+-]{1,64}@[\\w.-]{1,253})?',
];

/** Not within a word, but right after an escape of a URL or of a text in a text: `%20ghp_…`, `\nghp_…`. */
const BEFORE = '(?:(?<![\\w-])|(?<=%[\\dA-Fa-f]{2})|(?<=\\\\[nrt]))';

/** Every one ends with all that could still be of it: half a key that stays is half a key that leaves. */
const KEYS = new RegExp(`${BEFORE}(?:${BEGINNINGS.join('|')})[\\w+/=-]*`, 'gu');

/** Without the look behind, which takes the time, and without all that has no limit, which would without it. */
const KEY_HINT = new RegExp(BEGINNINGS.map((one) => one.replace(/\{(\d+),\}.*$/, '{$1}')).join('|'));

/** A name such as `sk-some-kebab-case-name` has neither digit nor capital. */
export const knownKeys: Rule = byPattern(KEYS, 'secret', ([key]) => (/\d|[A-Z]/.test(key) ? key : null), KEY_HINT);

const PRIVATE_KEY =
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[^-]{0,20000}(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?|PuTTY-User-Key-File-\d:[\s\S]{0,8000}?Private-MAC: [0-9a-f]{0,64}/gu;
export const privateKeys: Rule = byPattern(PRIVATE_KEY, 'secret', undefined, /-----BEGIN |PuTTY/);

/** Addresses that are keys themselves: who knows one may post. */
const WEBHOOK =
  /(?:hooks\.slack\.com\/(?:services|workflows|triggers)\/|discord(?:app)?\.com\/api\/webhooks\/|\.webhook\.office\.com\/webhookb2\/|api\.telegram\.org\/bot)([\w/@:.-]{16,400})/giu;
export const webhooks: Rule = byPattern(
  WEBHOOK,
  'secret',
  ([, path]) => path ?? null,
  /slack|discord|office|telegram/iu,
);
