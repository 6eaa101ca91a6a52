import { debugMetaEntryData, type Event } from '../../../../server/protocol/contract.ts';
import { metaAt } from '../../../components/annotated-text-meta.ts';
import { KeyValues } from '../../../components/key-values.tsx';
import { Section } from '../../../components/section.tsx';
import { entryOf } from '../event-entries.ts';

const nameOf = (image: Record<string, unknown>) =>
  [image['code_file'], image['debug_file'], image['debug_id'], image['uuid'], image['type']].find(
    (name): name is string => typeof name === 'string' && name !== '',
  ) ?? 'image';

/** Libraries and source maps that were loaded, each with all that is known of it. */
export function ImagesSection({ event }: { event: Event }) {
  const entry = entryOf(event, 'debugmeta', debugMetaEntryData);
  const images = entry?.data.images ?? [];
  if (images.length === 0) return null;
  return (
    <Section id="images" title="Debug images" aside={images.length} initiallyOpen={false} resetKey={event.id}>
      <KeyValues
        label="Debug images"
        rows={images.map((image, index) => ({
          key: nameOf(image),
          value: image,
          meta: metaAt(entry?.meta, 'images', index),
        }))}
      />
    </Section>
  );
}
