import { useState } from 'react';
import { AnnotatedText } from '../components/annotated-text.tsx';
import { metaAt } from '../components/annotated-text-meta.ts';
import { ClippedBox } from '../components/clipped-box.tsx';
import details from './details.module.css';
import type { Registers } from './frame-details.ts';
import styles from './frame-registers.module.css';
import { sortRegisters } from './register-order.ts';
import { readRegister } from './register-value.ts';

type Props = { registers: Registers; meta?: unknown; arch: string | null };

/** The registers of the crashed frame, in the order of their architecture; one without a value is left out. */
export function FrameRegisters({ registers, meta, arch }: Props) {
  const names = sortRegisters(Object.keys(registers), arch).filter(
    (name) => registers[name] !== null || metaAt(meta, name) !== undefined,
  );
  return (
    <div className={details.part}>
      <h4 className={details.title}>Registers</h4>
      <ClippedBox height={120} what={`${names.length} registers`}>
        <dl className={styles.registers} aria-label="Registers">
          {names.map((name) => (
            <div key={name}>
              <dt>{name.replace(/^\$/, '')}</dt>
              <dd>
                <RegisterValue name={name} value={registers[name] ?? null} meta={metaAt(meta, name)} />
              </dd>
            </div>
          ))}
        </dl>
      </ClippedBox>
    </div>
  );
}

function RegisterValue({ name, value, meta }: { name: string; value: string | number | null; meta: unknown }) {
  const [format, setFormat] = useState<'hexadecimal' | 'decimal'>('hexadecimal');
  if (value === null) return <AnnotatedText value={null} meta={meta} />;
  const other = format === 'hexadecimal' ? 'decimal' : 'hexadecimal';
  const short = format === 'hexadecimal' ? 'hex' : 'dec';
  const read = readRegister(value);
  return (
    <>
      <span className={styles.value}>
        <AnnotatedText value={read[format]} meta={meta}>
          {read[format]}
        </AnnotatedText>
      </span>
      {read.hexadecimal !== read.decimal && (
        <button
          type="button"
          className={styles.toggle}
          aria-label={`Toggle register value format of ${name}: ${short}`}
          title={`Shown as ${format}; show as ${other}`}
          onClick={() => setFormat(other)}
        >
          {short}
        </button>
      )}
    </>
  );
}
