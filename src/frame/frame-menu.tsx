import { useLayoutEffect, useRef, useState } from 'react';
import type { Frame } from '../../server/protocol/contract.ts';
import { useWhyNot } from '../api/session.ts';
import { PopoverItem } from '../components/popover.tsx';
import { useEditorChoice } from './editor-choice.ts';
import { EditorDialog } from './editor-dialog.tsx';
import { detailsOf } from './frame-details.ts';
import styles from './frame-menu.module.css';
import { framePath } from './frame-path.ts';
import { isLoopback, placesOf } from './frame-places.ts';
import { rulesFor } from './in-app-rule.ts';
import { MarkFrameDialog } from './mark-frame-dialog.tsx';
import { rawStacktrace } from './raw-stacktrace.ts';
import type { Scene } from './scene.ts';
import { useCopy } from './use-copy.ts';
import { useFrameLink } from './use-frame-link.ts';

type Props = {
  frame: Frame;
  /** What was pressed: the menu opens beside it. */
  button: HTMLElement;
  scene: Scene;
  onEditRules: () => void;
  onClose: () => void;
};

/** The menu of one frame, on the native popover: light dismiss and Escape are the browser's. Mount it to open it. */
export function FrameMenu({ frame, button, scene, onEditRules, onClose }: Props) {
  const panel = useRef<HTMLDivElement>(null);
  const [isMarking, setMarking] = useState(false);
  const whyNot = useWhyNot('project:write');
  const copy = useCopy();
  const [isChoosing, setChoosing] = useState(false);
  const { hasSource, mayHaveSource } = detailsOf(frame, { platform: scene.platform });
  const link = useFrameLink(frame, scene, hasSource || mayHaveSource);
  const { choice, folder } = useEditorChoice(scene.project);
  const places = link.data && placesOf(frame, link.data, { choice, folder, isLocal: isLoopback(location.hostname) });
  useLayoutEffect(() => {
    const box = panel.current;
    if (!box) return;
    // Not in every browser, nor in what tests draw in: there it simply is on the page.
    box.showPopover?.();
    place(box, button.getBoundingClientRect());
    box.querySelector('button')?.focus();
  }, [button]);
  const path = frame.absPath || framePath(frame, scene.platform);
  const inApp = !frame.inApp;
  const isNameless = rulesFor(frame, inApp, scene.platform).length === 0;
  if (isMarking) {
    return <MarkFrameDialog frame={frame} inApp={inApp} scene={scene} onClose={onClose} />;
  }
  if (isChoosing) {
    return <EditorDialog project={scene.project} serverFolder={places?.serverFolder ?? null} onClose={onClose} />;
  }
  const close = () => {
    onClose();
    button.focus();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form's
    <div
      ref={panel}
      popover="auto"
      role="group"
      aria-label="Frame menu"
      className={styles.menu}
      onToggle={(event) => event.newState === 'closed' && onClose()}
    >
      {path && <PopoverItem onClick={() => copy(path, 'the path').then(close)}>Copy path</PopoverItem>}
      <PopoverItem
        onClick={() =>
          copy(
            rawStacktrace({ stacktrace: { frames: [frame], hasSystemFrames: false }, platform: scene.platform }),
            'the frame as text',
          ).then(close)
        }
      >
        Copy frame as text
      </PopoverItem>
      {whyNot || isNameless ? (
        <p className={styles.barred}>
          Mark as {inApp ? '' : 'not '}in-app
          <small>{whyNot ?? 'The frame has no name by which a rule could know it.'}</small>
        </p>
      ) : (
        <PopoverItem onClick={() => setMarking(true)}>Mark this frame as {inApp ? '' : 'not '}in-app…</PopoverItem>
      )}
      <PopoverItem
        onClick={() => {
          onClose();
          onEditRules();
        }}
      >
        In-app rules…
      </PopoverItem>
      {/* At the end: they come later than the others, which must not move below a finger. */}
      {link.isLoading && <p className={styles.barred}>Looking for the file…</p>}
      {places?.editor?.href && (
        <a className={styles.place} href={places.editor.href} title={places.editor.title} onClick={onClose}>
          {places.editor.label}
        </a>
      )}
      {places?.editor && (
        <PopoverItem onClick={() => setChoosing(true)}>
          {places.editor.href ? 'Choose the editor…' : places.editor.label}
        </PopoverItem>
      )}
      {places?.web && (
        <a className={styles.place} href={places.web.href} target="_blank" rel="noopener noreferrer" onClick={onClose}>
          {places.web.label}
        </a>
      )}
    </div>
  );
}

/** Below the button, its right edge under the button's; above where there is no room. */
function place(box: HTMLElement, from: DOMRect): void {
  const { offsetWidth: width, offsetHeight: height } = box;
  const below = from.bottom + 4;
  box.style.left = `${Math.max(8, Math.min(from.right, window.innerWidth - 8) - width)}px`;
  box.style.top = `${below + height > window.innerHeight - 8 ? Math.max(8, from.top - height - 4) : below}px`;
}
