import { type FormEvent, useId, useState } from 'react';
import { Button } from '../components/button.tsx';
import { Dialog, DialogActions } from '../components/dialog.tsx';
import { TextField } from '../components/field.tsx';
import { type EditorId, editors, placeholders, templateFault } from './editor.ts';
import { type EditorChoice, saveEditorChoice, templateOf, useEditorChoice } from './editor-choice.ts';
import styles from './editor-dialog.module.css';

type Props = { project: string; serverFolder: string | null; onClose: () => void };

const choices: readonly { id: EditorId | 'custom'; name: string }[] = [
  ...(Object.keys(editors) as EditorId[]).map((id) => ({ id, name: editors[id].name })),
  { id: 'custom', name: 'Another' },
];
const isAbsolute = (folder: string) => /^(?:[/\\]|[A-Za-z]:[/\\])/.test(folder);

/** Which editor opens files, and where the checkout is on this machine; both are of this browser alone. */
export function EditorDialog({ project, serverFolder, onClose }: Props) {
  const before = useEditorChoice(project);
  const [choice, setChoice] = useState<EditorChoice>(before.choice);
  const [folder, setFolder] = useState(before.folder ?? '');
  const [faults, setFaults] = useState<{ template?: string | null; folder?: string | null }>({});
  const group = useId();
  const save = (event: FormEvent) => {
    event.preventDefault();
    const own = { ...choice, template: choice.template.trim() };
    const found = {
      template: choice.editor === 'custom' ? templateFault(own.template) : null,
      folder:
        folder.trim() && !isAbsolute(folder.trim())
          ? 'Write the whole path, such as /home/ada/shop or C:\\work\\shop.'
          : null,
    };
    setFaults(found);
    if (found.template || found.folder) return;
    saveEditorChoice(project, own, folder.trim());
    onClose();
  };
  return (
    <Dialog title="Open in editor" onClose={onClose}>
      <form className={styles['form']} noValidate onSubmit={save}>
        <fieldset className={styles['editors']}>
          <legend>Editor</legend>
          {choices.map(({ id, name }) => (
            <label key={id}>
              <input
                type="radio"
                name={group}
                checked={choice.editor === id}
                onChange={() => setChoice((now) => ({ editor: id, template: now.template || templateOf(now) }))}
              />
              {name}
            </label>
          ))}
        </fieldset>
        {choice.editor === 'custom' && (
          <TextField
            label="Address that opens a file"
            isCode
            autoComplete="off"
            spellCheck={false}
            value={choice.template}
            onChange={(event) => setChoice({ ...choice, template: event.target.value })}
            fault={faults.template}
            hint={`With ${placeholders.map((name) => `{${name}}`).join(', ')} where they belong.`}
          />
        )}
        <TextField
          label="Folder of the checkout on this machine"
          isCode
          autoComplete="off"
          spellCheck={false}
          value={folder}
          placeholder={serverFolder ?? '/home/ada/shop'}
          onChange={(event) => setFolder(event.target.value)}
          fault={faults.folder}
          hint={
            serverFolder
              ? `Of this project. Leave it empty to use the server’s: ${serverFolder}`
              : 'Of this project: the folder that has its repository.'
          }
        />
        <p className={styles['kept']}>Kept in this browser.</p>
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary">
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
