import { lazy, useState } from 'react';
import type { Frame, StacktraceLink } from '../../server/protocol/contract.ts';
import { Icon } from '../components/icon.tsx';
import { LateCode } from '../components/late-code.tsx';
import { useEditorChoice } from './editor-choice.ts';
import styles from './frame-links.module.css';
import { isLoopback, placesOf } from './frame-places.ts';

const EditorDialog = lazy(async () => ({ default: (await import('./editor-dialog.tsx')).EditorDialog }));

type Props = {
  frame: Frame;
  /** Slug. */
  project: string;
  link: StacktraceLink;
};

/** Where else the line can be looked at: in an editor on this machine, and where its repository is on the web. */
export function FrameLinks({ frame, project, link }: Props) {
  const [isChoosing, setChoosing] = useState(false);
  const { choice, folder } = useEditorChoice(project);
  const { editor, web, serverFolder } = placesOf(frame, link, {
    choice,
    folder,
    isLocal: isLoopback(location.hostname),
  });
  if (!editor && !web) return null;
  const choose = () => setChoosing(true);
  return (
    <div className={styles.links}>
      {editor?.href && (
        <a href={editor.href} title={editor.title}>
          {editor.label}
        </a>
      )}
      {editor && !editor.href && (
        <button type="button" title={editor.title} onClick={choose}>
          {editor.label}
        </button>
      )}
      {editor && (
        <button
          type="button"
          className={styles.gear}
          aria-label="Choose the editor"
          title="Choose the editor"
          onClick={choose}
        >
          <Icon name="gear" />
        </button>
      )}
      {web && (
        <a href={web.href} target="_blank" rel="noopener noreferrer">
          {web.label}
        </a>
      )}
      {isChoosing && (
        <LateCode what="The dialog">
          <EditorDialog project={project} serverFolder={serverFolder} onClose={() => setChoosing(false)} />
        </LateCode>
      )}
    </div>
  );
}
