import { Link } from 'react-router';
import type { SuggestPayload } from '../../server/protocol/contract.ts';
import type { AnswerContext } from './answer.tsx';
import { Callout } from './callout.tsx';
import styles from './patch.module.css';

/** An answer without a patch is better than a guess: what would let the model find one, by what the payload lacked. @param isSaid does the answer say so itself? */
export function Abstention({ context: { payload, place }, isSaid }: { context: AnswerContext; isSaid: boolean }) {
  const evidence = payload?.evidence;
  const query = `?project=${encodeURIComponent(place.project)}`;
  // What was sent is not known of an answer whose payload cannot be made any more.
  const lacks = (type: string) => evidence?.every((item) => item.type !== type);
  return (
    <Callout tone="neutral" icon="help" title="The model gave no patch">
      <p>{isSaid && 'What it says is missing stands above. '}What may help here:</p>
      <ul className={styles['help']}>
        {lacks('source') && (
          <li>
            The source: with a <Link to={`/settings/code-mappings/${query}`}>code mapping</Link> to a checkout the
            functions around each frame are sent.
          </li>
        )}
        {lacks('variables') && <li>The values of local variables, which the SDK has an option to record.</li>}
        {lacks('coverage') && (
          <li>
            A <Link to={`/settings/coverage/${query}`}>coverage report</Link>, which shows what the tests already rule
            out.
          </li>
        )}
        {payload && payload.leftOut.length > 0 && isFull(payload) && (
          <li>A model with a larger window: {payload.leftOut.map(lowered).join(', ')}.</li>
        )}
        <li>Another event of this issue, which may hold more.</li>
      </ul>
    </Callout>
  );
}

/** Some is left out however large the window is, such as variables that no line names: then a larger one helps nothing. */
const isFull = ({ tokens, window, answerTokens }: SuggestPayload) =>
  window == null || tokens > (window - (answerTokens ?? 0)) / 2;

const lowered = (sentence: string) =>
  sentence.replace(/\.$/, '').replace(/^\p{Lu}(?=\p{Ll})/u, (letter) => letter.toLowerCase());
