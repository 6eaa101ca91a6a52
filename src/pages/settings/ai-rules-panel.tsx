import { type FormEvent, useId, useRef, useState } from 'react';
import type { AiSettings } from '../../../server/protocol/contract.ts';
import { useWhyNot } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import styles from './ai-page.module.css';
import { Panel, PanelActions } from './panel.tsx';
import { useSaveAi } from './use-save-ai.ts';

const examples: [rule: string, words: string][] = [
  ['name: *iban*', 'what stands under such a name'],
  ['text: Project Falcon', 'these words, wherever they stand'],
  ['pattern: ORD-\\d{6,10}', 'what looks like this'],
  ['keep: email', 'a kind that is left alone: token, id, card, email, phone, ip, user, host'],
  ['keep: *@example.com', 'a value that is left alone'],
];

/** What is redacted beside the rules of the house. Faults are named by their lines, and each leads there. */
export function AiRulesPanel({ project, settings }: { project: string; settings: AiSettings }) {
  const id = useId();
  /** Null: nothing was typed that is not stored. */
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft ?? settings.redactionRules;
  const field = useRef<HTMLTextAreaElement>(null);
  const whyNot = useWhyNot('ai:admin');
  const save = useSaveAi(project, settings);
  const faults = save.error ? faultsOf(save.error.message) : [];
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(
      { redactionRules: text },
      {
        onSuccess: () => setDraft(null),
        onError: ({ message }) => selectLine(field.current, faultsOf(message)[0]?.line ?? null),
      },
    );
  };
  return (
    <Panel
      title="Redaction rules"
      about="Secrets, keys, cards, addresses and user ids are always replaced before anything is sent. These rules come on top, one a line; # begins a comment."
    >
      <form className={styles['form']} onSubmit={onSubmit}>
        <ul className={styles['examples']} id={`${id}-help`}>
          {examples.map(([rule, words]) => (
            <li key={rule}>
              <code>{rule}</code> <span>{words}</span>
            </li>
          ))}
        </ul>
        <textarea
          ref={field}
          className={styles['rules']}
          aria-label="Rules"
          aria-describedby={`${id}-help${faults.length > 0 ? ` ${id}-faults` : ''}`}
          aria-invalid={faults.length > 0 || undefined}
          value={text}
          onChange={(event) => setDraft(event.target.value)}
          readOnly={!!whyNot}
          rows={8}
          spellCheck={false}
          wrap="off"
        />
        {faults.length > 0 && (
          <div role="alert" id={`${id}-faults`}>
            <ul className={styles['faults']}>
              {faults.map(({ line, words }) => (
                <li key={`${line} ${words}`}>
                  {line === null ? (
                    words
                  ) : (
                    <>
                      <button type="button" onClick={() => selectLine(field.current, line)}>
                        Line {line}
                      </button>
                      : {words}
                    </>
                  )}
                </li>
              ))}
            </ul>
          </div>
        )}
        <PanelActions>
          <Button type="submit" look="primary" whyNot={whyNot} disabled={save.isPending}>
            {save.isPending ? 'Saving…' : 'Save the rules'}
          </Button>
        </PanelActions>
      </form>
    </Panel>
  );
}

/** `Line 3: ...`, a line each; what is about no line stays a sentence. */
function faultsOf(message: string): { line: number | null; words: string }[] {
  return message.split('\n').map((fault) => {
    const [, line, words] = /^(?:redactionRules: )?Line (\d{1,6}): (.*)$/.exec(fault) ?? [];
    return line && words ? { line: Number(line), words } : { line: null, words: fault };
  });
}

/** Shows which line is meant, and puts the caret there. */
function selectLine(field: HTMLTextAreaElement | null, line: number | null): void {
  if (!field || line === null) return;
  const lines = field.value.split('\n');
  const start = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
  field.focus();
  field.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
}
