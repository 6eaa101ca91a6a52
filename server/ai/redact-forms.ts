import { byPattern, type Rule } from './redact-find.ts';
import { isInQuotes, isTellingValue, PASSWORD } from './redact-named.ts';

/** What a secret is called, where the value stands in another form than beside `=` or `:`. */
const NAME = `(?:${PASSWORD}|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential|authorization)`;
const HINT = new RegExp(`${NAME}|identified`, 'iu');

/** Words have none, nor have names of fields. */
const isNoWord = (value: string): boolean => /\d/.test(value) && /\p{L}/u.test(value) && value.length >= 6;

/** `ALTER USER app WITH PASSWORD 'hunter2'`, `IDENTIFIED BY 'hunter2'`, `PASSWORD('hunter2')`. */
const STATEMENT = new RegExp(
  `(?:\\bidentified\\s{1,3}(?:with\\s{1,3}\\w{1,40}\\s{1,3})?by|(?:${PASSWORD}))(?:\\s{1,3}|\\s{0,3}\\(\\s{0,3})\\\\{0,3}["']([^"'\\n\\\\]{3,500})\\\\{0,3}["']`,
  'giu',
);
export const statements: Rule = byPattern(
  STATEMENT,
  'secret',
  ({ 0: all, 1: value = '', input = '', index = 0 }, kind) => {
    if (!isTellingValue(value)) return null;
    return kind === 'data' || /^identified/i.test(all) || isInQuotes(input, index) || isNoWord(value) ? value : null;
  },
  HINT,
);

/** `('password', 'hunter2')`, `["X-Api-Key", "…"]`, `<add key="Password" value="hunter2"/>`. */
const PAIR = new RegExp(
  `(?:[[(]\\s{0,3}|\\b(?:key|name)\\s{0,3}=\\s{0,3})\\\\{0,3}["'][\\w-]{0,30}${NAME}[\\w-]{0,30}\\\\{0,3}["'](?:\\s{0,3},|\\s{1,3}value\\s{0,3}=)\\s{0,3}\\\\{0,3}["']([^"'\\n\\\\]{3,1000})\\\\{0,3}["'](?=\\s{0,3}[\\])/>])`,
  'giu',
);
export const pairs: Rule = byPattern(
  PAIR,
  'secret',
  // `['password', 'username']` are names.
  ([all, value = '']) =>
    isTellingValue(value) && (/value\s{0,3}=/i.test(all) || /[^\p{L}_-]/u.test(value)) ? value : null,
  HINT,
);

/** A field of a form that was posted: its value is on a line by itself, after an empty one. */
const FORM_FIELD = new RegExp(
  `\\bname="[\\w.[\\]-]{0,40}${NAME}[\\w.[\\]-]{0,40}"[^\\n]{0,200}\\n(?:[^\\n]{1,200}\\n){0,2}\\n([^\\n]{1,2000})`,
  'giu',
);
export const formFields: Rule = byPattern(FORM_FIELD, 'secret', ([, value]) => value ?? null, /\bname="/i);

/** "the password is hunter2", `login app password hunter2`. */
const IN_WORDS = new RegExp(
  `(?:${PASSWORD})(?:\\s{1,3}(?:is|was|to|of))?\\s{1,3}["']?([^\\s"'<>()[\\],;]{6,200})`,
  'giu',
);
export const inWords: Rule = byPattern(
  IN_WORDS,
  'secret',
  ({ 1: value = '', input = '', index = 0 }, kind) =>
    isNoWord(value) && (kind === 'data' || isInQuotes(input, index)) ? value.replace(/[.:!?]+$/, '') : null,
  HINT,
);

/** `mysql -phunter2`, `sshpass -p hunter2`, `redis-cli -a hunter2`; `-P` is a port. */
const CLIENT =
  /\b(?:(?:mysql|mariadb)\w{0,10}|mongo\w{0,10}|sshpass|redis-cli|ldap(?:search|modify|add))\b[^\n|;&]{0,200}?\s-(?:p|a|w)[ =]?["']?([^\s"'-][^\s"']{2,200})/gu;
export const clientFlags: Rule = byPattern(
  CLIENT,
  'secret',
  ([, value]) => value ?? null,
  /mysql|mariadb|mongo|sshpass|redis-cli|ldap/,
);

/** In a source, `DB_PASSWORD=hunter2` of a shell, and a line of YAML or of properties that holds nothing else. */
const SETTING =
  /(?:(?<![\w$.])[A-Z][A-Z0-9_]{0,40}(?:PASSWORD|PASSWD|PWD|SECRET|TOKEN|API_?KEY|ACCESS_?KEY)[A-Z0-9_]{0,20}=|^[ \t]{0,40}(?:- )?[\w./:-]{0,60}(?:[Pp]assw(?:or)?d|[Ss]ecret|[Tt]oken|[Aa]pi[_-]?[Kk]ey)[\w-]{0,20}[ \t]{0,3}[:=][ \t]{0,3}(?=[^\s]{1,500}$))([^\s"'`;,&|(){}<>$\\[\]]{6,500})(?=\s|["'`;&|]|$)/gmu;
export const settings: Rule = byPattern(
  SETTING,
  'secret',
  ([, value = ''], kind) => (kind === 'code' && isNoWord(value) && isTellingValue(value) ? value : null),
  /[Pp]ass|PASS|PWD|[Ss]ecret|SECRET|[Tt]oken|TOKEN|[Kk]ey|KEY/,
);
