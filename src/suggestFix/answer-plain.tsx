import styles from './answer.module.css';
import { hasCommand } from './answer-commands.ts';
import { showInvisible } from './answer-invisible.ts';

/** Beyond so many marks the rest has one. */
const maxMarks = 200;
const address =
  /((?:\b[a-z][a-z\d+.-]{1,20}:\/\/|\bwww\.|\b(?:javascript|vbscript|data|mailto|file):)[^\s<>"'`]{1,4000})/iu;

/**
 * What is not drawn as Markdown, because it cannot be or is too long. It is no less a stranger's: each line with a command
 * says so, and addresses are seen to be such. None is a link.
 */
export function AnswerPlain({ text }: { text: string }) {
  const stretches = stretchesOf(showInvisible(text));
  return (
    <p className={styles['plain']}>
      {stretches.map(({ text: stretch, isCommand }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a stretch has no identity but its place
        <span key={index}>
          {isCommand && <small className={styles['command']}>Command from the answer, not run</small>}
          {withAddresses(stretch)}
        </span>
      ))}
    </p>
  );
}

type Stretch = { text: string; isCommand: boolean };

/** Lines with a command, each by itself, and what stands between them. */
function stretchesOf(text: string): Stretch[] {
  const stretches: Stretch[] = [];
  const lines = text.split(/(?<=\n)/);
  for (const [index, line] of lines.entries()) {
    const last = stretches.at(-1);
    const isCommand = hasCommand(line);
    if (isCommand && stretches.length >= 2 * maxMarks) {
      return [...stretches, { text: lines.slice(index).join(''), isCommand }];
    }
    if (isCommand || !last || last.isCommand) stretches.push({ text: line, isCommand });
    else last.text += line;
  }
  // Of a command that goes over several lines none may look like one.
  if (stretches.every(({ isCommand }) => !isCommand) && hasCommand(text)) return [{ text, isCommand: true }];
  return stretches;
}

/** Every second piece is an address. */
const withAddresses = (text: string) =>
  text.split(address).map((piece, index) =>
    index % 2 === 0 ? (
      piece
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: a piece has no identity but its place
      <span key={index} className={styles['target']}>
        {piece}
      </span>
    ),
  );
