import { useQuery } from '@tanstack/react-query';
import { Component, memo, type ReactNode, useMemo } from 'react';
import { placeholdersQuery } from '../api/suggest-answer.ts';
import { Abstention } from './abstention.tsx';
import styles from './answer.module.css';
import type { AnswerContext, AnswerProps } from './answer.tsx';
import AnswerMarkdown from './answer-markdown.tsx';
import { AnswerOrigin } from './answer-origin.tsx';
import { fixParts, joinPatches, splitPatches } from './answer-parts.ts';
import { PlaceholdersContext } from './answer-placeholders.ts';
import { AnswerPlain } from './answer-plain.tsx';
import { Feedback } from './feedback.tsx';
import { PatchFacts } from './patch-facts.tsx';
import { PatchView } from './patch-view.tsx';
import { mendTail, splitBlocks } from './streaming-markdown.ts';

/** Characters drawn as Markdown; an answer is a few thousand. What is beyond stays readable as plain text. */
const maxMarkdownLength = 60_000;
const noValues: ReadonlyMap<string, string> = new Map();
/** As redaction writes them. */
const placeholder = /\[[a-z]{2,6} \d{1,7}\]/;

/**
 * A model's answer: Markdown without HTML, images or live links, with its diffs as patches, and once it is whole what is
 * known about it. Finished blocks are drawn once; only the last is drawn again while the answer grows.
 */
export function AnswerBody(props: AnswerProps) {
  const { context } = props;
  if (!context) return <Body {...props} />;
  return (
    <WithPlaceholders {...props} context={context}>
      <Body {...props} />
    </WithPlaceholders>
  );
}

function Body({ text, isGrowing, context }: AnswerProps) {
  const parts = useMemo(() => splitBlocks(text.slice(0, maxMarkdownLength)).flatMap(splitPatches), [text]);
  const suggestion = context?.suggestion ?? null;
  const check = suggestion?.patchCheck;
  const fixes = useMemo(() => fixParts(parts), [parts]);
  // The server's reading is what was checked; an answer that broke off has none.
  const patch = suggestion?.patch === undefined ? joinPatches(parts, fixes) : suggestion.patch;
  const facts = context && (
    <PatchFacts patch={patch} isGrowing={isGrowing} suggestion={suggestion} shortId={context.issue.shortId} />
  );
  const beyond = text.slice(maxMarkdownLength);
  return (
    <div className={styles['answer']}>
      {suggestion?.confidence && (
        <p className={styles['confidence']}>The model says that its confidence is {suggestion.confidence}.</p>
      )}
      {parts.map(({ kind, text: part }, index) => {
        const isLast = isGrowing && index === parts.length - 1;
        if (kind === 'text') {
          // biome-ignore lint/suspicious/noArrayIndexKey: an answer only grows at its end, so a part is its place
          return <Block key={index} text={isLast ? mendTail(part) : part} />;
        }
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <PatchView key={index} patch={part} check={fixes.includes(index) ? check : null}>
            {index === fixes.at(-1) && facts}
          </PatchView>
        );
      })}
      {beyond && <AnswerPlain text={beyond} />}
      {suggestion && context && (
        <>
          {patch && fixes.length === 0 && (
            <PatchView patch={patch} check={check}>
              {facts}
            </PatchView>
          )}
          {!patch && <Abstention context={context} isSaid={suggestion.abstains === true} />}
          <AnswerOrigin suggestion={suggestion} issueId={context.issue.id} eventId={context.place.eventId} />
          {suggestion.id && <Feedback key={suggestion.id} place={context.place} suggestion={suggestion} />}
        </>
      )}
    </div>
  );
}

/** Draws what it holds with the values of placeholders, which are asked for once an answer is whole and has some. */
function WithPlaceholders({ text, context, children }: AnswerProps & { context: AnswerContext; children: ReactNode }) {
  const { place, suggestion } = context;
  const { data } = useQuery({
    ...placeholdersQuery({ project: place.project, eventId: suggestion?.eventID ?? '' }, suggestion?.id ?? ''),
    enabled: !!suggestion?.id && placeholder.test(text),
  });
  return <PlaceholdersContext value={(suggestion && data) || noValues}>{children}</PlaceholdersContext>;
}

/** A hundred quotes or lists within one another: no person writes that, and drawing thousands would overflow the stack. */
const isTooNested = (block: string) => /^(?:[ \t]*(?:>|[-*+][ \t]|\d{1,9}[.)][ \t])){100}/m.test(block);

const Block = memo(function Block({ text }: { text: string }) {
  if (isTooNested(text)) return <AnswerPlain text={text} />;
  return (
    <PlainOnError plain={<AnswerPlain text={text} />}>
      <AnswerMarkdown text={text} />
    </PlainOnError>
  );
});

/** A text that breaks the parser takes neither the panel nor its own words away. */
class PlainOnError extends Component<{ plain: ReactNode; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError() {
    return { failed: true };
  }
  override render() {
    return this.state.failed ? this.props.plain : this.props.children;
  }
}
