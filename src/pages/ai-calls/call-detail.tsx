import { useQuery } from '@tanstack/react-query';
import type { AiCall } from '../../../server/protocol/contract.ts';
import { aiCallQuery } from '../../api/ai-calls.ts';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { TextBox } from '../../components/text-box.tsx';
import styles from './ai-calls.module.css';

/** What one call sent and what came, word for word. It is text here, and nothing of it is drawn as Markdown. */
export function CallDetail({ id }: { id: string }) {
  const call = useQuery(aiCallQuery(id));
  if (call.isPending) return <Skeleton label="Loading the call" rows={6} />;
  if (!call.data) {
    return (
      <p role="alert" className={styles['failure']}>
        The call could not be loaded: {call.error?.message} <Button onClick={() => call.refetch()}>Try again</Button>
      </p>
    );
  }
  const { request, answer, redacted, leftOut, feedback } = call.data;
  return (
    <div className={styles['detail']}>
      <dl>
        <Fact name="Redacted" words={redacted} none="Nothing was found to redact" />
        <Fact name="Left out" words={leftOut} none="Nothing" />
        <Fact name="Counted by" words={[countedBy[call.data.tokensFrom]]} />
        {feedback && feedback.length > 0 && (
          <div>
            <dt>Feedback</dt>
            {feedback.map((each) => (
              <dd key={each.user}>
                {each.user}: {each.rating === 'helpful' ? 'helpful' : 'not helpful'}
                {each.comment && <q>{each.comment}</q>}
              </dd>
            ))}
          </div>
        )}
      </dl>
      {request?.map(({ role, content }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: messages have no identity but their place
        <Words key={index} title={`Sent: ${role}`} text={content} />
      ))}
      {answer ? <Words title="Answer" text={answer} /> : <p>No answer came.</p>}
    </div>
  );
}

const countedBy: Record<AiCall['tokensFrom'], string> = {
  endpoint: 'the endpoint',
  tokenizer: 'the model’s tokenizer',
  estimate: 'an estimate by length',
};

function Fact({ name, words, none }: { name: string; words: readonly string[]; none?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      {words.length === 0 && <dd>{none}</dd>}
      {[...new Set(words)].map((sentence) => (
        <dd key={sentence}>{sentence}</dd>
      ))}
    </div>
  );
}

function Words({ title, text }: { title: string; text: string }) {
  return (
    <section className={styles['words']} aria-label={title}>
      <header>
        <h2>{title}</h2>
        <CopyButton label={`Copy: ${title}`} text={text} />
      </header>
      <TextBox label={`${title}, as text`} text={text} />
    </section>
  );
}
