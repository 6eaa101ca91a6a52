import { useState } from 'react';
import type { SuggestPayload } from '../../server/protocol/contract.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { Icon } from '../components/icon.tsx';
import { formatCount, formatExact } from '../components/numbers.ts';
import { payloadText } from './payload-text.ts';
import styles from './what-is-sent.module.css';

const roleNames: Record<string, string> = {
  system: 'System: orders to the model',
  user: 'User: the event',
  assistant: 'Assistant',
};

/**
 * Where the payload goes, how large it is, what was taken out of it, and, folded, the payload itself. Beside an answer
 * all of it is folded into one line.
 */
export function WhatIsSent({ payload, isFolded }: { payload: SuggestPayload; isFolded: boolean }) {
  if (!isFolded) return <Facts payload={payload} />;
  return (
    <details className={styles['folded']}>
      <summary>
        <Icon name="right" />
        What the button sends
        <span className={styles['none']}>{formatCount(payload.tokens)} tokens</span>
      </summary>
      <Facts payload={payload} />
    </details>
  );
}

function Facts({ payload }: { payload: SuggestPayload }) {
  return (
    <div className={styles['sent']}>
      <dl>
        {payload.configured && (
          <div>
            <dt>To</dt>
            <dd>
              <strong>{payload.model}</strong> at {payload.endpoint}
              <span className={styles['where']} data-local={payload.isLocal || undefined}>
                <Icon name={payload.isLocal ? 'system' : 'globe'} />
                {payload.isLocal ? 'This machine or your own network' : 'Leaves your network'}
              </span>
            </dd>
          </div>
        )}
        <div>
          <dt>Size</dt>
          <dd>about {formatExact(payload.tokens)} tokens</dd>
        </div>
        <Sentences name="Redacted" sentences={payload.redacted} none="Nothing was found to redact" />
        <Sentences name="Left out" sentences={payload.leftOut} none="Nothing" />
      </dl>
      <PayloadText payload={payload} />
    </div>
  );
}

function Sentences({ name, sentences, none }: { name: string; sentences: string[]; none: string }) {
  return (
    <div>
      <dt>{name}</dt>
      {sentences.length === 0 && <dd className={styles['none']}>{none}</dd>}
      {[...new Set(sentences)].map((sentence) => (
        <dd key={sentence}>{sentence}</dd>
      ))}
    </div>
  );
}

/** The messages, drawn only once they are asked for: a payload may be 100 kB. */
function PayloadText({ payload }: { payload: SuggestPayload }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <div className={styles['payload']}>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <Icon name="right" />
          Exact payload
        </summary>
        {isOpen &&
          payload.messages.map((message, index) => (
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
      </details>
      <CopyButton label="Copy payload as text" text={() => payloadText(payload)} />
    </div>
  );
}
