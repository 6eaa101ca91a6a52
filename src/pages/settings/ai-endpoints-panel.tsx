import type { AiSettings } from '../../../server/protocol/contract.ts';
import { Icon } from '../../components/icon.tsx';
import styles from './ai-page.module.css';
import { Panel } from './panel.tsx';

/** What the operator set; to be read alone, because a page that could set an address could send events anywhere. */
export function AiEndpointsPanel({ settings: { endpoints, localOnly } }: { settings: AiSettings }) {
  return (
    <Panel
      title="Endpoints"
      about={
        <>
          Set by whoever runs Stackmend, in <code>config.yml</code> alone. <code>stackmend models check</code> tries
          each.
        </>
      }
    >
      {endpoints.length === 0 ? (
        <p className={styles['none']}>None is set.</p>
      ) : (
        <ul className={styles['endpoints']} aria-label="Endpoints">
          {endpoints.map(({ name, host, model, isLocal }) => (
            <li key={name}>
              <strong>{name}</strong>
              <span>
                {model} at {host}
              </span>
              <span className={styles['where']} data-local={isLocal || undefined}>
                <Icon name={isLocal ? 'system' : 'globe'} />
                {isLocal ? 'Local' : 'Outside your network'}
                {!isLocal && localOnly && ', not for this project'}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
