import { memo } from 'react';
import type { Breadcrumb } from '../../../../server/protocol/contract.ts';
import { AnnotatedText } from '../../../components/annotated-text.tsx';
import { showControls } from '../../../components/annotated-text-controls.ts';
import { annotationOf, hasMarkedPieces, metaAt } from '../../../components/annotated-text-meta.ts';
import { ClippedBox } from '../../../components/clipped-box.tsx';
import { Icon, type IconName } from '../../../components/icon.tsx';
import { StructuredValue } from '../../../components/structured-value.tsx';
import { formatAbsolute, parseTime } from '../../../components/time.ts';
import { hasAnsi, stripAnsi } from '../../../frame/visible-text.ts';
import styles from './breadcrumbs-section.module.css';

export type Crumb = {
  crumb: Breadcrumb;
  meta: unknown /** Milliseconds before the event; null when a time is missing. */;
  before: number | null;
};

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

/** One breadcrumb: where it came from, what it says, how long before the event. */
export const CrumbRow = memo(function CrumbRow({
  crumb,
  meta,
  before,
  platform,
}: Crumb & { platform: string | null | undefined }) {
  const hasData = crumb.data && Object.keys(crumb.data).length > 0;
  const time = parseTime(crumb.timestamp);
  return (
    <div className={styles['crumb']} data-level={crumb.level ?? 'info'}>
      <Icon name={iconOf(crumb)} />
      <span className={styles['category']}>
        <AnnotatedText value={crumb.category ?? crumb.type ?? 'default'} meta={metaAt(meta, 'category')} />
        {crumb.level && crumb.level !== 'info' && <span className={styles['level']}>{crumb.level}</span>}
      </span>
      <div className={styles['what']}>
        {(crumb.message || Boolean(metaAt(meta, 'message'))) && (
          <Message text={crumb.message} meta={metaAt(meta, 'message')} />
        )}
        {(hasData || Boolean(metaAt(meta, 'data'))) && (
          <StructuredValue value={crumb.data ?? null} meta={metaAt(meta, 'data')} platform={platform} name="data" />
        )}
      </div>
      <time className={styles['time']} title={time === null ? undefined : formatAbsolute(time)}>
        {before === null ? '' : formatBefore(before)}
      </time>
    </div>
  );
});

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

/** Time before the event: `-1.25s`, `-3m 02s`. */
function formatBefore(milliseconds: number): string {
  const sign = milliseconds < 0 ? '+' : '-';
  const seconds = Math.abs(milliseconds) / 1000;
  if (seconds < 0.005) return '0s';
  if (seconds < 60) return `${sign}${seconds.toFixed(seconds < 10 ? 2 : 1)}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${sign}${minutes}m ${String(Math.floor(seconds % 60)).padStart(2, '0')}s`;
  if (minutes >= 2880) return `${sign}${Math.floor(minutes / 1440)}d`;
  return `${sign}${Math.floor(minutes / 60)}h ${String(minutes % 60).padStart(2, '0')}m`;
}
