import { Fragment, type ReactNode, useState } from 'react';
import type { Exception } from '../../server/protocol/contract.ts';
import { AnnotatedText } from '../components/annotated-text.tsx';
import { showControls } from '../components/annotated-text-controls.ts';
import { annotationOf, hasMarkedPieces, metaAt } from '../components/annotated-text-meta.ts';
import { CopyButton } from '../components/copy-button.tsx';
import type { DisplayOptions } from './display-options.ts';
import { type ChainHint, chainHint, isHang, unprocessed } from './exception-chain.ts';
import styles from './exceptions.module.css';
import { MechanismPills } from './mechanism.tsx';
import { rawStacktrace } from './raw-stacktrace.ts';
import type { Scene } from './scene.ts';
import { NoStackTrace, StackTrace } from './stack-trace.tsx';
import { hasAnsi, stripAnsi } from './visible-text.ts';

type Props = {
  exceptions: readonly Exception[];
  /** Range of exceptions that the SDK left out. */
  omitted: readonly [number, number] | null;
  scene: Scene;
  options: DisplayOptions;
  /** `_meta` of the exception entry. */
  meta: unknown;
  /** What stands for a stack trace where the newest exception has none: its thread's. */
  fallback?: ReactNode;
};

/** A chain of exceptions. The newest is first or last, as the frames are. */
export function Exceptions({ exceptions, omitted, scene, options, meta, fallback }: Props) {
  const newest = exceptions.length - 1;
  const items = exceptions.map((exception, index) => {
    const isRaw = options.isMinified && !!exception.rawStacktrace;
    const valueMeta = metaAt(meta, 'values', index);
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: an exception's place in the chain is its identity
      <Fragment key={index}>
        <ExceptionBlock
          exception={isRaw ? unprocessed(exception) : exception}
          hint={chainHint(exceptions, index)}
          scene={scene}
          options={options}
          meta={valueMeta}
          traceMeta={metaAt(valueMeta, isRaw ? 'rawStacktrace' : 'stacktrace')}
          isNewest={index === newest}
          fallback={index === newest ? fallback : undefined}
        />
        {omitted && index === omitted[0] - 1 && (
          <p className={styles.omitted}>
            Exceptions {omitted[0]} until {omitted[1]} were omitted and not available.
          </p>
        )}
      </Fragment>
    );
  });
  return <div className={styles.chain}>{options.order === 'newest' ? items.reverse() : items}</div>;
}

type BlockProps = {
  exception: Exception;
  hint: ChainHint | null;
  scene: Scene;
  options: DisplayOptions;
  meta: unknown;
  traceMeta: unknown;
  isNewest: boolean;
  fallback: ReactNode;
};

function ExceptionBlock({ exception, hint, scene, options, meta, traceMeta, isNewest, fallback }: BlockProps) {
  const { stacktrace, mechanism } = exception;
  const hasFrames = !!stacktrace && stacktrace.frames.length > 0;
  const name = exception.type || 'Exception';
  // Python's own classes are in a module that nobody names.
  const module = /^(builtins|__builtin__|exceptions)$/.test(exception.module ?? '') ? null : exception.module;
  return (
    <article className={styles.exception} aria-label={name}>
      <header>
        {hint && (
          <p className={styles.hint}>
            {hint.words} <b>{hint.other}</b>
          </p>
        )}
        <div className={styles.first}>
          {(exception.type || annotationOf(metaAt(meta, 'type'))) && (
            <h3 className={styles.type}>
              <span title={module ? `${module}.${name}` : undefined}>
                <AnnotatedText value={exception.type} meta={metaAt(meta, 'type')} />
              </span>
              {module && <span className={styles.module}>{module}</span>}
            </h3>
          )}
          {mechanism && <MechanismPills mechanism={mechanism} meta={metaAt(meta, 'mechanism')} />}
        </div>
        <ExceptionValue value={exception.value} meta={metaAt(meta, 'value')} />
      </header>
      {options.view === 'raw' && (hasFrames || !fallback) ? (
        <RawText text={rawStacktrace({ stacktrace, exception, platform: scene.platform })} />
      ) : hasFrames ? (
        <StackTrace
          stacktrace={stacktrace}
          scene={scene}
          options={options}
          meta={traceMeta}
          expandsFrame={isNewest}
          isHang={isHang(exception)}
        />
      ) : (
        (fallback ?? <NoStackTrace words="No stack trace was sent with this exception." />)
      )}
    </article>
  );
}

const longValue = 2000;

/** An exception's message, with its line breaks. What would colour a terminal is left out, and the page says so. */
function ExceptionValue({ value, meta }: { value: string | null | undefined; meta: unknown }) {
  const [isWhole, setWhole] = useState(false);
  if (!value && !annotationOf(meta)) return null;
  const text = showControls(stripAnsi(value ?? ''));
  const isLong = text.length > longValue && !isWhole;
  const hasPieces = hasMarkedPieces(annotationOf(meta));
  return (
    <div className={styles.value}>
      {hasPieces ? (
        <AnnotatedText value={value} meta={meta} />
      ) : (
        <AnnotatedText value={value} meta={meta}>
          {isLong ? `${text.slice(0, longValue)}…` : text}
        </AnnotatedText>
      )}
      {isLong && (
        <button type="button" className={styles.note} onClick={() => setWhole(true)}>
          Show all {text.length.toLocaleString('en-US')} characters
        </button>
      )}
      {hasAnsi(value ?? '') && !hasPieces && (
        <span className={styles.note} title="The escape codes are in the raw JSON">
          terminal colours left out
        </span>
      )}
    </div>
  );
}

/** A stack trace as text, to be read or copied. */
export function RawText({ text }: { text: string }) {
  return (
    <div className={styles.raw}>
      <div className={styles.copy}>
        <CopyButton label="Copy raw stack trace" text={text} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{showControls(text)}</pre>
    </div>
  );
}
