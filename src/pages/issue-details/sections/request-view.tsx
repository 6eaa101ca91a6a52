import { type ReactNode, useState } from 'react';
import type { Request } from '../../../../server/protocol/contract.ts';
import { AnnotatedText } from '../../../components/annotated-text.tsx';
import { showControls } from '../../../components/annotated-text-controls.ts';
import { annotationOf, metaAt } from '../../../components/annotated-text-meta.ts';
import { Badge } from '../../../components/badge.tsx';
import { Button } from '../../../components/button.tsx';
import { ClippedBox } from '../../../components/clipped-box.tsx';
import { CopyButton } from '../../../components/copy-button.tsx';
import type { KeyValue } from '../../../components/key-values.tsx';
import { SearchableRows } from '../../../components/searchable-rows.tsx';
import { StructuredValue } from '../../../components/structured-value.tsx';
import { TextBox } from '../../../components/text-box.tsx';
import { curlOf, fullUrl } from '../curl.ts';
import { isEmpty, isObject, rowsOf, rowsOfPairs } from '../event-entries.ts';
import { formatJson } from '../format-json.ts';
import styles from './request-section.module.css';

/** The parts of a request, or all of it as a curl command. */
export function RequestView({ request, meta }: { request: Request; meta: unknown }) {
  const [showsCurl, setShowsCurl] = useState(false);
  const curl = curlOf(request);
  return (
    <div className={styles['request']}>
      <p className={styles['line']}>
        {request.method && <Badge>{showControls(request.method)}</Badge>}
        <code>
          <AnnotatedText value={request.url} meta={metaAt(meta, 'url')}>
            {showControls(fullUrl(request) ?? '')}
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
        <TextBox label="curl command" text={curl} />
      ) : (
        <>
          <Rows label="Query" rows={queryRows(request, metaAt(meta, 'query'))} />
          <Part label="Body" shown={!isEmpty(request.data) || Boolean(metaAt(meta, 'data'))}>
            <Body request={request} meta={metaAt(meta, 'data')} />
          </Part>
          <Rows label="Headers" rows={byName(rowsOfPairs(request.headers, metaAt(meta, 'headers')))} />
          <Rows label="Cookies" rows={rowsOfPairs(request.cookies, metaAt(meta, 'cookies'))} />
          <Rows label="Environment" rows={rowsOf(request.env, metaAt(meta, 'env'))} />
        </>
      )}
    </div>
  );
}

/** Names of headers mean the same however they are written. */
const byName = (rows: KeyValue[]) => rows.sort((a, b) => a.key.toLowerCase().localeCompare(b.key.toLowerCase(), 'en'));

/** The query as a list, also one that was sent as a text; such a text with marks of its own stays whole. */
function queryRows({ query }: Request, meta: unknown): KeyValue[] {
  if (typeof query !== 'string') return rowsOfPairs(query, meta);
  if (query === '' && !meta) return [];
  if (meta) return [{ key: 'query', value: query, meta }];
  return [...new URLSearchParams(query)].map(([key, value]) => ({ key, value }));
}

/** By its kind: a form and a JSON object as a list, other JSON indented with its digits as they were, all else as it is. */
function Body({ request: { data, inferredContentType }, meta }: { request: Request; meta: unknown }) {
  if (isObject(data)) return <SearchableRows label="Body" rows={rowsOf(data, meta)} />;
  if (typeof data !== 'string') return <StructuredValue value={data ?? null} meta={meta} name="body" />;
  const isJson = !annotationOf(meta) && /json$/.test(inferredContentType ?? '') && data.length < longestFormatted;
  return (
    <ClippedBox height={240} what="of the body">
      <pre className={styles['body']}>
        {isJson ? showControls(formatJson(data)) : <AnnotatedText value={data} meta={meta} />}
      </pre>
    </ClippedBox>
  );
}

/** Characters up to which a body is indented. */
const longestFormatted = 500_000;

function Rows({ label, rows }: { label: string; rows: KeyValue[] }) {
  return (
    <Part label={label} shown={rows.length > 0}>
      <SearchableRows label={label} rows={rows} />
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
