import { Link } from 'react-router';
import type { SuggestPayload } from '../../server/protocol/contract.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { Callout } from './callout.tsx';
import { payloadText } from './payload-text.ts';

type Props = { payload: SuggestPayload; project: string };

/** No endpoint may be asked: how to set one, or why none of those that are set. The payload is there to be pasted into a chat. */
export function NotConfigured({ payload, project }: Props) {
  const endpoints = payload.endpoints ?? [];
  return endpoints.some(({ isLocal }) => !isLocal) && /local/i.test(payload.detail ?? '') ? (
    <LocalOnly payload={payload} project={project} />
  ) : (
    <Unset payload={payload} />
  );
}

function LocalOnly({ payload, project }: Props) {
  return (
    <Callout tone="neutral" icon="system" title="This project asks local models only">
      <p>{payload.detail}</p>
      <ul>
        {payload.endpoints?.map(({ name, host, detail }) => (
          <li key={name}>
            <strong>{name}</strong> at {host}
            {detail && `: ${detail}`}
          </li>
        ))}
      </ul>
      <p>
        Whoever runs Stackmend can add an endpoint on this machine or in your network; whoever may change the project
        can lift the limit in its <Link to={`/settings/ai/?project=${encodeURIComponent(project)}`}>AI settings</Link>.
      </p>
      <CopyPayload payload={payload} />
    </Callout>
  );
}

function Unset({ payload }: { payload: SuggestPayload }) {
  return (
    <Callout tone="neutral" icon="gear" title="No model is set">
      {payload.detail && <p>{payload.detail}</p>}
      <p>Start Stackmend with a model of your own, which needs no key if it runs locally:</p>
      <pre>{'OPENAI_BASE_URL=http://127.0.0.1:11434/v1\nOPENAI_MODEL=qwen3-coder'}</pre>
      <p>or with OpenAI’s:</p>
      <pre>OPENAI_API_KEY=sk-…</pre>
      <p>
        In <code>config.yml</code> these are <code>openai.base-url</code>, <code>openai.model</code> and{' '}
        <code>openai.api-key</code>; several endpoints stand under <code>ai.endpoints</code>. Until then, copy the
        payload below into a chat that you trust.
      </p>
      <CopyPayload payload={payload} />
    </Callout>
  );
}

const CopyPayload = ({ payload }: { payload: SuggestPayload }) => (
  <CopyButton label="Copy payload" text={() => payloadText(payload)}>
    Copy payload
  </CopyButton>
);
