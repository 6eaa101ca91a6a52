import { memo } from 'react';
import type { Breadcrumb } from '../../../../server/protocol/contract.ts';
import { AnnotatedText } from '../../../components/annotated-text.tsx';
import { showControls } from '../../../components/annotated-text-controls.ts';
import { annotationOf, hasMarkedPieces, metaAt } from '../../../components/annotated-text-meta.ts';
import { ClippedBox } from '../../../components/clipped-box.tsx';
import { Icon, type IconName } from '../../../components/icon.tsx';
import { StructuredValue } from '../../../components/structured-value.tsx';
import { formatInBothZones } from '../../../components/time.ts';
import { useTimeZone } from '../../../components/time-zone.ts';
import { hasAnsi, stripAnsi } from '../../../frame/visible-text.ts';
import styles from './breadcrumbs-section.module.css';
import { type Crumb, formatBefore, formatClock } from './crumbs.ts';
import { Unreadable } from './unreadable.tsx';

const icons: Record<string, IconName> = {
  http: 'globe',
  navigation: 'pointer',
  ui: 'pointer',
  user: 'user',
  query: 'list',
  error: 'warning',
  warning: 'warning',
};
const iconOf = ({ type, category, level }: Breadcrumb): IconName => {
  if (level === 'error' || level === 'fatal') return 'warning';
  const kind = [type, category?.split('.')[0]].find((name) => name && Object.hasOwn(icons, name));
  return (kind && icons[kind]) || 'info';
};

type Props = Crumb & {
  platform: string | null | undefined /** The time of the day instead of the time before the event. */;
  isAbsolute: boolean;
};

/** One breadcrumb: where it came from, what it says, and when. */
export const CrumbRow = memo(function CrumbRow({ crumb, sent, ...rest }: Props) {
  return crumb ? <Readable crumb={crumb} {...rest} /> : <Unreadable what="This breadcrumb" value={sent} />;
});

function Readable({
  crumb,
  meta,
  time,
  before,
  platform,
  isAbsolute,
}: Omit<Props, 'crumb' | 'sent'> & { crumb: Breadcrumb }) {
  const hasData = crumb.data && Object.keys(crumb.data).length > 0;
  return (
    <div className={styles['crumb']} data-level={crumb.level ?? 'info'}>
      <Icon name={iconOf(crumb)} />
      <span className={styles['category']}>
        <AnnotatedText value={crumb.category ?? crumb.type ?? 'default'} meta={metaAt(meta, 'category')} />
        {crumb.level && crumb.level !== 'info' && <span className={styles['level']}>{showControls(crumb.level)}</span>}
      </span>
      <div className={styles['what']}>
        {(crumb.message || Boolean(metaAt(meta, 'message'))) && (
          <Message text={crumb.message} meta={metaAt(meta, 'message')} />
        )}
        {(hasData || Boolean(metaAt(meta, 'data'))) && (
          <StructuredValue value={crumb.data ?? null} meta={metaAt(meta, 'data')} platform={platform} name="data" />
        )}
      </div>
      <When time={time} before={before} isAbsolute={isAbsolute} />
    </div>
  );
}

function When({ time, before, isAbsolute }: { time: number | null; before: number | null; isAbsolute: boolean }) {
  const zone = useTimeZone();
  const words = isAbsolute ? time !== null && formatClock(time, zone) : before !== null && formatBefore(before);
  return (
    <time
      className={styles['time']}
      dateTime={time === null ? undefined : new Date(time).toISOString()}
      title={time === null ? undefined : formatInBothZones(time, zone)}
    >
      {words}
    </time>
  );
}

/** From so many characters on a message is shown in part: a logged payload must not push all else out of sight. */
const longMessage = 800;

function Message({ text, meta }: { text: string | null | undefined; meta: unknown }) {
  const hasPieces = hasMarkedPieces(annotationOf(meta));
  const whole = (
    <p title={hasAnsi(text ?? '') ? 'Without terminal colours; the raw JSON has them' : undefined}>
      <AnnotatedText value={text} meta={meta}>
        {hasPieces ? undefined : showControls(stripAnsi(text ?? ''))}
      </AnnotatedText>
    </p>
  );
  if ((text?.length ?? 0) < longMessage) return whole;
  return (
    <ClippedBox height={120} what="of the message">
      {whole}
    </ClippedBox>
  );
}
