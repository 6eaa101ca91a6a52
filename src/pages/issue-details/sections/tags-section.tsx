import { Link } from 'react-router';
import type { Event } from '../../../../server/protocol/contract.ts';
import { AnnotatedText } from '../../../components/annotated-text.tsx';
import { showControls } from '../../../components/annotated-text-controls.ts';
import { metaAt } from '../../../components/annotated-text-meta.ts';
import { Section } from '../../../components/section.tsx';
import { tagQuery } from '../tag-query.ts';
import styles from './tags-section.module.css';

/** The event's tags; each value leads to the issues that have it. */
export function TagsSection({ event }: { event: Event }) {
  if (event.tags.length === 0) return null;
  return (
    <Section id="tags" title="Tags" aside={event.tags.length} resetKey={event.id}>
      <dl className={styles['tags']}>
        {event.tags.map((tag, index) => {
          const meta = metaAt(event._meta, 'tags', index, 'value');
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a key may repeat, and an event's tags never move
            <div key={index}>
              <dt>{showControls(tag.key)}</dt>
              <dd>
                {meta ? (
                  <AnnotatedText value={tag.value} meta={meta} />
                ) : (
                  <Link
                    to={`/issues/?${new URLSearchParams({ query: tagQuery(tag.key, tag.value, tag['query']) })}`}
                    title={showControls(`Issues with ${tag.key} ${tag.value}`)}
                  >
                    {showControls(tag.value)}
                  </Link>
                )}
              </dd>
            </div>
          );
        })}
      </dl>
    </Section>
  );
}
