import type { Frame } from '../../server/protocol/contract.ts';
import { platformOf } from './frame-details.ts';

/** One rule that a frame could be marked by; `what` says which frames it is about. */
export type RuleChoice = { what: string; rule: string };

/** Rules that are longer are not taken by the server; of such frames another part must do. */
const longestRule = 480;

/**
 * The rules that would mark this frame as in-app, or as not; the first is the one that is likely meant. Empty for a frame that has no name at all.
 */
export function rulesFor(frame: Frame, inApp: boolean, platform: string | null | undefined): RuleChoice[] {
  const action = inApp ? '+app' : '-app';
  const path = frame.absPath || frame.filename;
  const isModular = platformOf(frame, platform) === 'java' || !path;
  const folder = folderOf(path);
  const parts: [what: string, matcher: string, value: string | null | undefined][] = [
    ['This file', 'stack.abs_path', isModular ? null : path],
    ['This module', 'stack.module', frame.module],
    ['This package', 'stack.package', frame.package],
    ['All files in its folder and below', 'stack.abs_path', folder && `${folder}**`],
    ['This function, wherever it is', 'stack.function', frame.function],
  ];
  return parts.flatMap(([what, matcher, value]) => {
    const rule = value ? `${matcher}:${quoted(value)} ${action}` : '';
    return rule !== '' && rule.length <= longestRule ? [{ what, rule }] : [];
  });
}

/** Up to the last slash and with it; null where the path has no folder. */
function folderOf(path: string | null | undefined): string | null {
  return /^.*[^/\\:][/\\]/s.exec(path ?? '')?.[0] ?? null;
}

/** A value as the rules spell it. Line breaks cannot be in a rule; any one character may stand in their place. */
function quoted(value: string): string {
  const line = value.replace(/[\r\n]/g, '?');
  return /^[^\s"#\\]+$/.test(line) ? line : `"${line.replace(/[\\"]/g, '\\$&')}"`;
}

/** The rules with one more at their end, where it wins over all before. */
export function withRule(rules: string, rule: string): string {
  const before = rules.trimEnd();
  return before === '' ? rule : `${before}\n${rule}`;
}
