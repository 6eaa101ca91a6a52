import { useMemo, useState } from 'react';
import { AnnotatedText } from '../components/annotated-text.tsx';
import { metaAt } from '../components/annotated-text-meta.ts';
import { ClippedBox } from '../components/clipped-box.tsx';
import { Legend } from '../components/legend.tsx';
import details from './details.module.css';
import type { Registers } from './frame-details.ts';
import styles from './frame-registers.module.css';
import { type Fault, faultOfRegisters } from './register-fault.ts';
import { isNullLike, markRegisters, type RegisterMark } from './register-marks.ts';
import { sortRegisters } from './register-order.ts';
import { readRegister, toBigInt } from './register-value.ts';
import type { Scene } from './scene.ts';

type Props = { registers: Registers; meta?: unknown; scene: Scene };

const words: Record<RegisterMark, { short: string; whole: string }> = {
  pc: { short: 'PC', whole: 'program counter' },
  sp: { short: 'SP', whole: 'stack pointer' },
  fault: { short: '= fault', whole: 'equals the fault address' },
};
const kinds: RegisterMark[] = ['pc', 'sp', 'fault'];
const shownName = (name: string) => name.replace(/^\$/, '');

/**
 * The registers of the crashed frame, in the order of their architecture; one without a value is left out. Those that say
 * where the process was are marked, and those that hold the address whose access failed.
 */
export function FrameRegisters({ registers, meta, scene }: Props) {
  const { arch, event } = scene;
  const fault = useMemo(() => faultOfRegisters(event, registers), [event, registers]);
  const marks = markRegisters(registers, arch, fault);
  const names = sortRegisters(Object.keys(registers), arch).filter(
    (name) => registers[name] !== null || metaAt(meta, name) !== undefined,
  );
  const entries = kinds.flatMap((kind) => {
    const marked = names.filter((name) => marks.get(name)?.includes(kind));
    if (marked.length === 0) return [];
    return [{ mark: <Mark kind={kind} />, text: `${words[kind].whole}: ${marked.map(shownName).join(', ')}` }];
  });
  return (
    <div className={details.part}>
      <h4 className={details.title}>Registers</h4>
      {fault && <FaultAddress fault={fault} registers={registers} marks={marks} />}
      {entries.length > 0 && (
        <div className={styles.legend}>
          <Legend label="Marked registers" entries={entries} />
        </div>
      )}
      <ClippedBox height={120} what={`${names.length} registers`}>
        <dl className={styles.registers} aria-label="Registers">
          {names.map((name) => (
            <div key={name} data-marked={marks.has(name) || undefined}>
              <dt>{shownName(name)}</dt>
              <dd>
                <RegisterValue name={name} value={registers[name] ?? null} meta={metaAt(meta, name)} />
                {marks.get(name)?.map((kind) => (
                  <Mark key={kind} kind={kind} />
                ))}
              </dd>
            </div>
          ))}
        </dl>
      </ClippedBox>
    </div>
  );
}

/** Two letters for the eye, and the words for all others. */
function Mark({ kind }: { kind: RegisterMark }) {
  const { short, whole } = words[kind];
  return (
    <span className={styles.mark} data-kind={kind} title={whole}>
      <span aria-hidden="true">{short}</span>
      <span className={styles.unseen}>{whole}</span>
    </span>
  );
}

type FaultProps = { fault: Fault; registers: Registers; marks: ReturnType<typeof markRegisters> };

function FaultAddress({ fault, registers, marks }: FaultProps) {
  const { address, source } = fault;
  const isRun = [...marks].some(([name, kinds]) => kinds.includes('pc') && toBigInt(registers[name] ?? '') === address);
  return (
    <p className={styles.fault}>
      Fault address{' '}
      <code title={`${address} in decimal; from ${source}`}>
        {readRegister(`0x${address.toString(16)}`).hexadecimal}
      </code>
      {isRun && ' It is the program counter: the process tried to run what is there.'}
      {isNullLike(address) &&
        ' It is within the first page: a null pointer, or something at a small distance from one. Registers that hold the same small number are not marked for it.'}
    </p>
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
