import { lazy, type ReactNode, useState } from 'react';
import type { SuggestPayload } from '../../server/protocol/contract.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { Icon } from '../components/icon.tsx';
import { LateCode } from '../components/late-code.tsx';
import { formatCount, formatExact } from '../components/numbers.ts';
import { formatCost } from './format-cost.ts';
import { payloadText } from './payload-text.ts';
import styles from './what-is-sent.module.css';

const EndpointChoice = lazy(async () => ({ default: (await import('./endpoint-choice.tsx')).EndpointChoice }));
const EvidenceList = lazy(async () => ({ default: (await import('./evidence-list.tsx')).EvidenceList }));

const roleNames: Record<string, string> = {
  system: 'System: orders to the model',
  user: 'User: the event',
  assistant: 'Assistant',
};

type Props = { payload: SuggestPayload; onEndpoint: ((name: string) => void) | null };

/**
 * Where the payload goes, how large it is, what was taken out of it, and, folded, the payload itself. Beside an answer
 * all of it is folded into one line.
 */
export function WhatIsSent({ isFolded, ...props }: Props & { isFolded: boolean }) {
  if (!isFolded) return <Facts {...props} />;
  return (
    <details className={styles['folded']}>
      <summary>
        <Icon name="right" />
        What the button sends
        <span className={styles['none']}>{formatCount(props.payload.tokens)} tokens</span>
      </summary>
      <Facts {...props} />
    </details>
  );
}

function Facts({ payload, onEndpoint }: Props) {
  const { configured, cost, evidence, isAnswerLimited } = payload;
  return (
    <div className={styles['sent']}>
      <dl>
        {configured && <Endpoint payload={payload} onEndpoint={onEndpoint} />}
        <div>
          <dt>Size</dt>
          <dd>{sizeWords(payload)}</dd>
        </div>
        {configured && cost != null && (
          <div>
            <dt>Cost</dt>
            <dd>{cost === 0 ? 'nothing' : `${isAnswerLimited ? 'at most about' : 'about'} ${formatCost(cost)}`}</dd>
          </div>
        )}
        <Sentences name="Redacted" sentences={payload.redacted} none="Nothing was found to redact" />
        <Sentences name="Left out" sentences={payload.leftOut} none="Nothing" />
      </dl>
      {evidence && evidence.length > 0 && (
        <Fold className="folded" summary={`What it is made of: ${piecesWords(evidence)}`}>
          <LateCode what="The list of evidence">
            <EvidenceList evidence={evidence} />
          </LateCode>
        </Fold>
      )}
      <PayloadText payload={payload} />
    </div>
  );
}

function Endpoint({ payload, onEndpoint }: Props) {
  const { model, endpoint, isLocal, endpoints } = payload;
  return (
    <div>
      <dt>To</dt>
      <dd>
        <strong>{model}</strong> at {endpoint}
        <span className={styles['where']} data-local={isLocal || undefined}>
          <Icon name={isLocal ? 'system' : 'globe'} />
          {isLocal ? 'This machine or your own network' : 'Leaves your network'}
        </span>
        {onEndpoint && endpoints && endpoints.length > 1 && (
          <Fold className="folded" summary={`One of ${endpoints.length} endpoints`}>
            <LateCode what="The choice of endpoints">
              <EndpointChoice payload={payload} onEndpoint={onEndpoint} />
            </LateCode>
          </Fold>
        )}
      </dd>
    </div>
  );
}

/** Counted where the model's tokenizer is at hand, else estimated. */
function sizeWords({ tokens, tokensFrom, window, answerTokens, isAnswerLimited }: SuggestPayload): string {
  const size = tokensFrom === 'tokenizer' ? `${formatExact(tokens)} tokens` : `about ${formatExact(tokens)} tokens`;
  const room = window == null ? '' : ` of ${formatExact(window)}`;
  const most = isAnswerLimited ? 'up to' : 'about';
  const answer = answerTokens == null ? '' : `, and ${most} ${formatExact(answerTokens)} for the answer`;
  const how = tokensFrom == null ? '' : tokensFrom === 'tokenizer' ? ', counted' : ', estimated';
  return size + room + how + answer;
}

function piecesWords(evidence: NonNullable<SuggestPayload['evidence']>): string {
  const untrusted = evidence.filter(({ trust }) => trust === 'untrusted').length;
  const pieces = evidence.length === 1 ? '1 piece' : `${evidence.length} pieces`;
  return `${pieces}, ${untrusted === 0 ? 'none' : untrusted} untrusted`;
}

/** Sentences beyond these are folded. */
const shownSentences = 2;

function Sentences({ name, sentences, none }: { name: string; sentences: string[]; none: string }) {
  const all = [...new Set(sentences)];
  // A fold that hides a single line saves none.
  const shown = all.length === shownSentences + 1 ? all : all.slice(0, shownSentences);
  const line = (sentence: string) => <span key={sentence}>{sentence}</span>;
  return (
    <div>
      <dt>{name}</dt>
      {all.length === 0 && <dd className={styles['none']}>{none}</dd>}
      {all.length > 0 && (
        <dd className={styles['lines']}>
          {shown.map(line)}
          {all.length > shown.length && (
            <Fold className="folded" summary={`${all.length - shown.length} more`}>
              <span className={styles['lines']}>{all.slice(shown.length).map(line)}</span>
            </Fold>
          )}
        </dd>
      )}
    </div>
  );
}

/** Its content is drawn once it is asked for. */
function Fold({ className, summary, children }: { className?: string; summary: string; children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details
      className={className && styles[className]}
      onToggle={(event) => {
        // Another within it tells of itself, too.
        if (event.target === event.currentTarget) setOpen(event.currentTarget.open);
      }}
    >
      <summary>
        <Icon name="right" />
        {summary}
      </summary>
      {isOpen && children}
    </details>
  );
}

/** The messages, drawn only once they are asked for: a payload may be 100 kB. */
function PayloadText({ payload }: { payload: SuggestPayload }) {
  return (
    <div className={styles['payload']}>
      <Fold summary="Exact payload">
        {payload.messages.map((message, index) => (
          <section
            // biome-ignore lint/suspicious/noArrayIndexKey: messages have no identity but their place
            key={index}
            className={styles['message']}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
            tabIndex={0}
            aria-label={`Message: ${message.role}`}
          >
            <h3>{roleNames[message.role] ?? message.role}</h3>
            <pre>{message.content}</pre>
          </section>
        ))}
      </Fold>
      <CopyButton label="Copy payload as text" text={() => payloadText(payload)} />
    </div>
  );
}
