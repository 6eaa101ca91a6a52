import { useId } from 'react';
import type { SuggestPayload } from '../../server/protocol/contract.ts';
import { Icon } from '../components/icon.tsx';
import styles from './endpoint-choice.module.css';

type Props = { payload: SuggestPayload; onEndpoint: (name: string) => void };

/** The endpoints of this project. Choosing one makes the payload anew, for its window; nothing is sent. */
export function EndpointChoice({ payload, onEndpoint }: Props) {
  const id = useId();
  return (
    <fieldset className={styles['choice']}>
      <legend>Ask another model</legend>
      {payload.endpoints?.map(({ name, host, model, isLocal, detail }, index) => (
        <label key={name} data-barred={detail ? true : undefined}>
          <input
            type="radio"
            name={id}
            checked={name === payload.endpointName}
            // Not disabled: why it cannot be chosen must be reachable by keyboard.
            aria-disabled={detail ? true : undefined}
            aria-describedby={`${id}-${index}`}
            onChange={() => detail || onEndpoint(name)}
          />
          <span>
            <strong>{name}</strong>
            <span id={`${id}-${index}`}>
              <span>
                {model} at {host}
              </span>
              <span className={styles['where']} data-local={isLocal || undefined}>
                <Icon name={isLocal ? 'system' : 'globe'} />
                {isLocal ? 'Local' : 'Leaves your network'}
              </span>
              {detail && <span className={styles['why']}>{detail}</span>}
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
