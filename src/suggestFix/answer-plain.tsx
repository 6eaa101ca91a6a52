import styles from './answer.module.css';
import { hasCommand } from './answer-commands.ts';
import { showInvisible } from './answer-invisible.ts';

/** What is not drawn as Markdown, because it cannot be or is too long. It is no less a stranger's. */
export const AnswerPlain = ({ text }: { text: string }) => (
  <p className={styles['plain']}>
    {hasCommand(text) && <small className={styles['command']}>With a command from the answer, not run</small>}
    {showInvisible(text)}
  </p>
);
