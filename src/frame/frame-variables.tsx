import { showControls } from '../components/annotated-text-controls.ts';
import { annotationOf, metaAt } from '../components/annotated-text-meta.ts';
import { ClippedBox } from '../components/clipped-box.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { StructuredValue } from '../components/structured-value.tsx';
import details from './details.module.css';
import styles from './frame-variables.module.css';

type Props = { variables: Record<string, unknown>; meta?: unknown; platform: string };

/** The local variables, last one first as in Sentry, and those that scrubbing took out altogether. */
export function FrameVariables({ variables, meta, platform }: Props) {
  const names = Object.keys(variables).reverse();
  const removed = Object.keys(typeof meta === 'object' && meta !== null ? meta : {}).filter(
    (name) => name !== '' && !Object.hasOwn(variables, name) && annotationOf(metaAt(meta, name)),
  );
  return (
    <div className={details.part}>
      <h4 className={details.title}>Variables</h4>
      <ClippedBox height={240} what={`${names.length} variables`}>
        <table className={styles.table} aria-label="Variables">
          <tbody>
            {[...names, ...removed].map((name) => (
              <tr key={name}>
                <th scope="row">{showControls(name)}</th>
                <td>
                  <StructuredValue
                    value={Object.hasOwn(variables, name) ? variables[name] : null}
                    meta={metaAt(meta, name)}
                    platform={platform}
                    name={name}
                  />
                </td>
                <td className={styles.copy}>
                  <CopyButton label={`Copy ${name}`} text={() => textOf(variables[name])} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ClippedBox>
    </div>
  );
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? ''));
