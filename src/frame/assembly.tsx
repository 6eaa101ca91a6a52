import styles from './assembly.module.css';
import details from './details.module.css';
import { parseAssembly } from './parse-assembly.ts';

/** The .NET assembly that a frame's code is in. */
export function AssemblyDetails({ fullName }: { fullName: string | null | undefined }) {
  const { name, version, culture, publicKeyToken } = parseAssembly(fullName);
  const fields: [string, string | undefined][] = [
    ['Assembly', name],
    ['Version', version],
    ['Culture', culture],
    ['PublicKeyToken', publicKeyToken],
  ];
  return (
    <div className={details.part}>
      <dl className={styles.assembly} aria-label="Assembly">
        {fields.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value ?? '-'}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
