import { type ReactNode, useState } from 'react';
import { type Event, type Request, requestSchema } from '../../../../server/protocol/contract.ts';
import { AnnotatedText } from '../../../components/annotated-text.tsx';
import { metaAt } from '../../../components/annotated-text-meta.ts';
import { Badge } from '../../../components/badge.tsx';
import { Button } from '../../../components/button.tsx';
import { CopyButton } from '../../../components/copy-button.tsx';
import { type KeyValue, KeyValues } from '../../../components/key-values.tsx';
import { Section } from '../../../components/section.tsx';
import { StructuredValue } from '../../../components/structured-value.tsx';
import { curlOf, fullUrl } from '../curl.ts';
import { entryOf, rowsOf, rowsOfPairs } from '../event-entries.ts';
import styles from './request-section.module.css';

/** The HTTP request during which it happened. The address is text, never a link: it came with the event. */
export function RequestSection({ event }: { event: Event }) {
  const entry = entryOf(event, 'request', requestSchema);
  if (!entry || (!entry.meta && Object.values(entry.data).every(isEmpty))) return null;
  return (
    <Section id="request" title="HTTP request" resetKey={event.id}>
      <RequestView request={entry.data} meta={entry.meta} />
    </Section>
  );
}

/** An SDK may send an object of nothing but nulls. */
function isEmpty(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return value === null || value === undefined || value === '';
}

function RequestView({ request, meta }: { request: Request; meta: unknown }) {
  const [showsCurl, setShowsCurl] = useState(false);
  const curl = curlOf(request);
  return (
    <div className={styles['request']}>
      <p className={styles['line']}>
        {request.method && <Badge>{request.method}</Badge>}
        <code>
          <AnnotatedText value={request.url} meta={metaAt(meta, 'url')}>
            {fullUrl(request)}
          </AnnotatedText>
        </code>
        {curl && (
          <>
            <Button look="quiet" aria-pressed={showsCurl} onClick={() => setShowsCurl(!showsCurl)}>
              curl
            </Button>
            <CopyButton label="Copy as curl" text={curl} />
          </>
        )}
      </p>
      {showsCurl && curl ? (
        <pre className={styles['curl']}>{curl}</pre>
      ) : (
        <>
          {typeof request.query === 'object' && (
            <Rows label="Query" rows={rowsOfPairs(request.query, metaAt(meta, 'query'))} />
          )}
          <Part label="Body" shown={request.data !== null && request.data !== undefined && request.data !== ''}>
            <StructuredValue value={request.data} meta={metaAt(meta, 'data')} name="body" />
          </Part>
          <Rows label="Headers" rows={rowsOfPairs(request.headers, metaAt(meta, 'headers'))} />
          <Rows label="Cookies" rows={rowsOfPairs(request.cookies, metaAt(meta, 'cookies'))} />
          <Rows label="Environment" rows={rowsOf(request.env, metaAt(meta, 'env'))} />
        </>
      )}
    </div>
  );
}

function Rows({ label, rows }: { label: string; rows: KeyValue[] }) {
  return (
    <Part label={label} shown={rows.length > 0}>
      <KeyValues label={label} rows={rows} />
    </Part>
  );
}

function Part({ label, shown, children }: { label: string; shown: boolean; children: ReactNode }) {
  return (
    shown && (
      <div>
        <h3 className={styles['heading']}>{label}</h3>
        {children}
      </div>
    )
  );
}
