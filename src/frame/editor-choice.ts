import { useMemo, useSyncExternalStore } from 'react';
import { readStored, writeStored } from '../components/stored.ts';
import { type EditorId, editors, isEditor, templateFault } from './editor.ts';

/** Which editor opens files, kept in this browser. `template` is somebody's own, for `custom`. */
export type EditorChoice = { editor: EditorId | 'custom'; template: string };

const editorKey = 'stackmend-editor';
const folderKey = (project: string) => `stackmend-checkout-${project}`;

/** What was stored, part by part: another version may have written it, or a person. */
export function parseChoice(stored: string | null): EditorChoice {
  let value: unknown = null;
  try {
    value = JSON.parse(stored ?? 'null');
  } catch {
    // Not ours: as though nothing had been stored.
  }
  const { editor, template }: { editor?: unknown; template?: unknown } =
    typeof value === 'object' && value !== null ? value : {};
  const own = typeof template === 'string' ? template : '';
  if (editor === 'custom' && !templateFault(own)) return { editor, template: own };
  return { editor: isEditor(editor) ? editor : 'vscode', template: own };
}

export const editorName = ({ editor }: EditorChoice): string => (editor === 'custom' ? 'editor' : editors[editor].name);
export const templateOf = ({ editor, template }: EditorChoice): string =>
  editor === 'custom' ? template : editors[editor].template;

/** What was chosen on this page: it holds, too, where the browser keeps nothing. */
const chosen = new Map<string, string>();
const listeners = new Set<() => void>();
const read = (key: string) => chosen.get(key) ?? readStored(key);

function follow(listener: () => void): () => void {
  const onOtherTab = () => {
    chosen.clear();
    listener();
  };
  listeners.add(listener);
  window.addEventListener('storage', onOtherTab);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', onOtherTab);
  };
}

/**
 * @param project slug
 * @returns `folder`: where the project's checkout lies on the machine of the browser; null: nobody said; empty: where the server has it
 */
export function useEditorChoice(project: string): { choice: EditorChoice; folder: string | null } {
  const stored = useSyncExternalStore(follow, () => read(editorKey));
  const folder = useSyncExternalStore(follow, () => read(folderKey(project)));
  return useMemo(() => ({ choice: parseChoice(stored), folder }), [stored, folder]);
}

/** Keeps both for this browser, and tells all that show them. */
export function saveEditorChoice(project: string, choice: EditorChoice, folder: string): void {
  for (const [key, value] of [
    [editorKey, JSON.stringify(choice)],
    [folderKey(project), folder],
  ] as const) {
    chosen.set(key, value);
    writeStored(key, value);
  }
  for (const listener of listeners) listener();
}
