import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import type { SuggestFeedback, Suggestion } from '../../server/protocol/contract.ts';
import { useWhyNot } from '../api/session.ts';
import { type EventPlace, storedSuggestionsKey } from '../api/suggest.ts';
import { deleteFeedback, putFeedback } from '../api/suggest-answer.ts';
import { Button } from '../components/button.tsx';
import styles from './feedback.module.css';

type Rating = SuggestFeedback['rating'];
type Given = { rating: Rating; comment: string } | null;

const ratings: { rating: Rating; words: string }[] = [
  { rating: 'helpful', words: 'Helpful' },
  { rating: 'not_helpful', words: 'Not helpful' },
];

/** What this user thinks of the answer. A press stores it, another takes it back; a comment may follow. */
export function Feedback({ place, suggestion }: { place: EventPlace; suggestion: Suggestion }) {
  const id = useId();
  const queries = useQueryClient();
  const whyNot = useWhyNot('ai:suggest');
  const stored: Given = suggestion.feedback
    ? { rating: suggestion.feedback.rating, comment: suggestion.feedback.comment ?? '' }
    : null;
  const store = useMutation({
    mutationFn: (given: Given) => {
      const callId = suggestion.id ?? '';
      return given ? putFeedback(place, { id: callId, ...given }) : deleteFeedback(place, callId);
    },
    // The events of an issue share their answers.
    onSuccess: (_, given) =>
      queries.setQueriesData<{ suggestion: Suggestion | null }>(
        { queryKey: storedSuggestionsKey(place.project) },
        (data) => (data?.suggestion?.id === suggestion.id ? { suggestion: { ...suggestion, feedback: given } } : data),
      ),
  });
  // What was pressed shows at once; where it could not be stored, what is stored shows again.
  const given = store.isPending ? (store.variables ?? null) : stored;
  return (
    <section className={styles['feedback']} aria-label="What you think of the answer">
      <div className={styles['ratings']}>
        <span>Was this of use?</span>
        {ratings.map(({ rating, words }) => (
          <Button
            key={rating}
            whyNot={whyNot}
            aria-pressed={given?.rating === rating}
            onClick={() =>
              store.isPending ||
              store.mutate(given?.rating === rating ? null : { rating, comment: given?.comment ?? '' })
            }
          >
            {words}
          </Button>
        ))}
      </div>
      <p className={styles['where']} id={`${id}-where`}>
        {given
          ? 'Kept on this server, with the call; whoever has ai:admin can read and export it. Press again to take it back.'
          : 'Kept on this server alone.'}
      </p>
      {given && (
        <Comment
          key={given.rating}
          comment={given.comment}
          describedBy={`${id}-where`}
          isPending={store.isPending}
          onSave={(comment) => store.mutate({ rating: given.rating, comment })}
        />
      )}
      {store.isError && <p role="alert">It could not be stored: {store.error.message}</p>}
      <p role="status" className={styles['status']}>
        {store.isSuccess && (given ? 'Thank you, it is stored.' : 'Taken back.')}
      </p>
    </section>
  );
}

/** Characters of a comment, which is a note and no report. */
const maxComment = 2000;

function Comment({
  comment,
  describedBy,
  isPending,
  onSave,
}: {
  comment: string;
  describedBy: string;
  isPending: boolean;
  onSave: (comment: string) => void;
}) {
  const [text, setText] = useState(comment);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!isPending) onSave(text.trim());
  };
  return (
    <form className={styles['comment']} onSubmit={onSubmit}>
      <textarea
        aria-label="Comment, if you like"
        aria-describedby={describedBy}
        placeholder="Why? (optional)"
        rows={2}
        maxLength={maxComment}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {text.trim() !== comment && (
        <Button type="submit" disabled={isPending}>
          {isPending ? 'Saving…' : 'Save comment'}
        </Button>
      )}
    </form>
  );
}
