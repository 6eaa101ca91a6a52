const shells = new Set(
  'bash sh shell zsh fish ksh dash console terminal shellscript powershell ps ps1 pwsh bat batch cmd dos shell-session'.split(
    ' ',
  ),
);

/** What runs something as soon as it is pasted: a tool with what makes it one's command rather than one's name. */
const command = [
  String.raw`(?:sudo|doas|npx|pnpx|bunx|uvx|pipx|xargs|nohup|osascript|mshta|rundll32|schtasks|certutil|bitsadmin|crontab|systemctl|launchctl|kubectl|helm|terraform|sentry-cli|stackmend|mkfs(?:\.\w{1,9})?)\s+[\w./~"'$@-]`,
  String.raw`(?:curl|wget|aria2c)["']?\s+(?:-|["']?(?:https?|ftp):|[\w.-]+\.\w)`,
  String.raw`(?:npm|pnpm|yarn|bun|deno)\s+(?:i|in|install|ci|add|x|exec|dlx|run|rm|remove|uninstall|update|up|global|create|init|publish|link|config|set|audit|test|start|task)(?![\w-])`,
  String.raw`(?:pip3?|gem|cargo|go|brew|apt|apt-get|yum|dnf|apk|pacman|choco|winget|scoop|snap|composer|conda|poetry|uv|dotnet|nuget|luarocks|mix|bundle)\s+(?:install|add|get|run|exec|require|update|upgrade|-S|remove|uninstall|tool)(?![\w-])`,
  String.raw`(?:python[\d.]{0,4}|node|ruby|perl|php|bash|sh|zsh|deno|java|pwsh|powershell(?:\.exe)?|cmd(?:\.exe)?)\s+(?:-|\/c\b|[\w./~-]+\.(?:py|[cm]?js|ts|rb|pl|php|sh|jar|ps1|bat)\b|<\()`,
  String.raw`git\s+(?:clone|push|pull|fetch|apply|am|reset|checkout|switch|config|clean|remote|commit|rebase|submodule|-c)\b`,
  String.raw`(?:docker|podman)\s+(?:run|exec|pull|compose|build|cp)\b`,
  String.raw`(?:aws|gcloud|az|gh|heroku|fly)\s+[a-z][\w-]*\s+[\w-]`,
  String.raw`(?:rm|cp|mv|chmod|chown|kill|pkill|killall|tar|nc|ncat|ssh|scp|rsync|dd|ln|base64|openssl|psql|mysql|tee|find|sed|env)\s+(?:-{1,2}[a-z]|\+x|if=|[0-7]{3}\b|\S+@)`,
  String.raw`(?:ssh|sftp|ftp|telnet|nc|ncat|ping|dig|nslookup)\s+(?:[\w-]+@|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,})`,
  String.raw`(?:xdg-open|open|start)\s+["']?https?:`,
  String.raw`(?:echo|printf|cat)\s[^\n]{0,400}(?:>>?\s*(?:~|\/|\$HOME)|\|\s*(?:nc|curl|base64|openssl|tee)\b)`,
  String.raw`(?:docker|podman)-compose\s+(?:up|run|exec|pull|build|down|start)\b`,
  String.raw`\w+\$\{?IFS\b`,
  String.raw`(?:eval|exec|source|export|set|setx)\s+(?:["'$\x60.~\/]|[A-Z_]{2,}=)`,
  String.raw`(?:iex|iwr|irm|Invoke-(?:Expression|WebRequest|RestMethod|Command)|Start-Process|Set-ExecutionPolicy|New-Object\s+(?:System\.)?Net)(?![\w-])`,
  String.raw`(?:pytest|jest|vitest|make|mvn|gradle|\.?\/gradlew|rspec|phpunit|tox|ruff|eslint|tsc)\s+(?:-|[\w./-]+(?:\/|\.\w)|clean|all|install|check|build|test)\S*`,
  String.raw`\.{1,2}\/[\w./-]+(?:\.sh|\.py|\.js|\.ps1)?\s+-`,
  String.raw`(?:\.{0,2}|~)\/[\w./-]+\.(?:sh|ps1|bat|command)\b`,
].join('|');
/** Its output goes on into a shell, whatever made it. */
const piped = String.raw`[|]\s*(?:sudo\s+)?(?:(?:ba|z|da|k|fi)?sh|python[\d.]{0,4}|node|perl|ruby|php|iex|pwsh|powershell)(?![\w-])|(?:ba|z|)sh\s+<\(|\$\((?:curl|wget)`;
const prompt = String.raw`(?:\$|PS(?: [A-Z]:[^>\n]{0,200})?>|[A-Z]:\\[^>\n]{0,200}>)\s+(?=[\w./~])`;

/** `/usr/bin/curl`, `"curl"`: the same command. */
const folder = String.raw`["']?(?:(?:~|\.{1,2}|[A-Z]:)?(?:[\\/][\w.-]{1,60}){0,20}[\\/])?`;
const anywhere = new RegExp(`(?<![\\w./@-])${folder}(?:${command})|${piped}`, 'i');
const atStart = new RegExp(
  `^\\s*(?:${prompt}|(?:[#%>]\\s+)?(?:[A-Z_]{2,40}=\\S{0,200}\\s+)*${folder}(?:${command}))|${piped}`,
  'im',
);
const promptLine = new RegExp(`^\\s*${prompt}`, 'm');
/** Of a longer text than any answer is, this much. */
const maxLength = 100_000;

/** Words of an answer, or code within them, that would run something where they are pasted into a terminal. */
export function hasCommand(text: string): boolean {
  const start = text.slice(0, maxLength);
  return anywhere.test(start) || promptLine.test(start);
}

/**
 * Is a block of code one for the terminal? By its language, or by lines that begin as commands do: a model calls it what
 * it likes. In a patch only lines that are no part of one count, unless the whole of it is none.
 */
export function isCommandBlock(code: string, language: string | null): boolean {
  const name = language?.toLowerCase() ?? '';
  if (shells.has(name)) return true;
  const start = code.slice(0, maxLength);
  const isPatch = (name === 'diff' || name === 'patch') && /^@@ /m.test(start);
  return atStart.test(isPatch ? start.replace(/^(?:[-+ @\\]|diff |index |---|\+\+\+).*$/gm, '') : start);
}
