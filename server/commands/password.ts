import { on } from 'node:events';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { CommandError } from './context.ts';

type Input = NodeJS.ReadableStream & { isTTY?: boolean };

/** The first line of standard input. @throws {CommandError} there is none, or a second one */
export async function readPassword(input: Input): Promise<string> {
  const password = (await text(input)).replace(/\r?\n$/, '');
  if (password === '') throw new CommandError('Standard input holds no password.');
  if (/[\r\n]/.test(password))
    throw new CommandError('Standard input holds more than one line. Give the password alone.');
  return password;
}

/**
 * Asks at the terminal, twice, and shows nothing of what is typed.
 *
 * @throws {CommandError} the two differ; Ctrl-C or Ctrl-D
 */
export async function askPassword(input: Input, output: NodeJS.WritableStream): Promise<string> {
  // The line editor writes what is typed; here that goes nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const editor = createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
  editor.once('SIGINT', () => editor.close());
  // Gathered from now on: both lines may come at once, pasted.
  const lines = on(editor, 'line', { close: ['close'] });
  const ask = async (question: string): Promise<string> => {
    output.write(question);
    const { value, done } = await lines.next();
    output.write('\n');
    if (done) throw new CommandError('Stopped: no password was given.');
    return String(value);
  };
  try {
    const first = await ask('Password: ');
    if (first === (await ask('The same again: '))) return first;
    throw new CommandError('The two passwords differ. Nothing was changed.');
  } finally {
    editor.close();
  }
}
