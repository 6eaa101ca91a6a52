import { Fragment, type ReactNode, useMemo, useState } from 'react';
import type { Exception } from '../../server/protocol/contract.ts';
import { AnnotatedText } from '../components/annotated-text.tsx';
import { showControls } from '../components/annotated-text-controls.ts';
import { annotationOf, hasMarkedPieces, metaAt } from '../components/annotated-text-meta.ts';
import { Icon } from '../components/icon.tsx';
import { OutsideMark } from '../components/outside-mark.tsx';
import type { DisplayOptions } from './display-options.ts';
import { type ChainHint, chainHint, isGroupHint, isHang, unprocessed } from './exception-chain.ts';
import { type Branch, exceptionTree, flattenBranches, sizeOfBranches } from './exception-tree.ts';
import styles from './exceptions.module.css';
import { MechanismPills } from './mechanism.tsx';
import { RawTrace } from './raw-trace.tsx';
import type { Scene } from './scene.ts';
import { NoStackTrace, StackTrace } from './stack-trace.tsx';
import { useSlices } from './use-slices.ts';
import { hasAnsi, stripAnsi } from './visible-text.ts';
import { useWhenWanted } from './wanted-frame.ts';

type Shared = {
  exceptions: readonly Exception[];
  scene: Scene;
  options: DisplayOptions;
  /** `_meta` of the exception entry. */
  meta: unknown;
  /** What stands for a stack trace where the newest exception has none: its thread's. */
  fallback?: ReactNode;
  /** Range of exceptions that the SDK left out. */
  omitted: readonly [number, number] | null;
};

/** The exceptions of an event as a chain, the newest first or last, as the frames are; a group holds its members. */
export function Exceptions(props: Shared) {
  const branches = useMemo(() => exceptionTree(props.exceptions), [props.exceptions]);
  return (
    <div className={styles.chain}>
      <Branches branches={branches} {...props} />
    </div>
  );
}

/** So many exceptions of a level are open at first; a group shows its first member alone. */
const openInChain = 10;

function Branches({
  branches,
  isMembers = false,
  ...shared
}: Shared & { branches: readonly Branch[]; isMembers?: boolean }) {
  const { exceptions, options, meta, scene, fallback, omitted } = shared;
  const isNewestFirst = options.order === 'newest';
  const shown = useSlices(branches.length, options.order);
  const newest = exceptions.length - 1;
  const items = branches.map(({ index, members }, position) => {
    const exception = exceptions[index];
    if (!exception) return null;
    const isRaw = options.isMinified && !!exception.rawStacktrace;
    const valueMeta = metaAt(meta, 'values', index);
    const hint = chainHint(exceptions, index);
    const block = (
      <ExceptionBlock
        key="exception"
        exception={options.isMinified ? unprocessed(exception) : exception}
        hint={isMembers && isGroupHint(hint) ? null : hint}
        scene={scene}
        options={options}
        meta={valueMeta}
        traceMeta={metaAt(valueMeta, isRaw ? 'rawStacktrace' : 'stacktrace')}
        isNewest={index === newest}
        isFoldable={exceptions.length > 1}
        isInitiallyOpen={isMembers ? position === 0 : position < openInChain}
        fallback={index === newest ? fallback : undefined}
      />
    );
    const group = members.length > 0 && (
      <Members key="members" branches={members} of={exception.type || 'the exception'} {...shared} />
    );
    const note = omitted && index === omitted[0] - 1 && (
      <p key="omitted" className={styles.omitted}>
        Exceptions {omitted[0]} until {omitted[1]} were omitted and not available.
      </p>
    );
    // What was left out lies between this exception and the next newer one.
    return <Fragment key={index}>{isNewestFirst ? [note, block, group] : [group, block, note]}</Fragment>;
  });
  return isNewestFirst ? items.slice(0, shown) : items.reverse().slice(0, shown);
}

/** What a group holds, or the several causes of one exception; folds as a whole. */
function Members({ branches, of, ...shared }: Shared & { branches: readonly Branch[]; of: string }) {
  const [isOpen, setOpen] = useState(true);
  useWhenWanted((stacktrace) => {
    if (flattenBranches(branches).some((index) => shared.exceptions[index]?.stacktrace === stacktrace)) setOpen(true);
  });
  const count = sizeOfBranches(branches);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form's
    <div role="group" className={styles.members} aria-label={`In ${of}`}>
      <button type="button" className={styles.fold} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <Icon name="down" />
        {count} {count === 1 ? 'exception' : 'exceptions'} in {of}
      </button>
      {isOpen && (
        <div className={styles.chain}>
          <Branches branches={branches} isMembers {...shared} />
        </div>
      )}
    </div>
  );
}

type BlockProps = {
  exception: Exception;
  hint: ChainHint | null;
  scene: Scene;
  options: DisplayOptions;
  meta: unknown;
  traceMeta: unknown;
  isNewest: boolean;
  isFoldable: boolean;
  isInitiallyOpen: boolean;
  fallback: ReactNode;
};

function ExceptionBlock(props: BlockProps) {
  const { exception, hint, meta, isFoldable } = props;
  const [isOpen, setOpen] = useState(props.isInitiallyOpen);
  useWhenWanted((stacktrace) => stacktrace === exception.stacktrace && setOpen(true));
  const { mechanism } = exception;
  const name = exception.type || 'Exception';
  // Python's own classes are in a module that nobody names.
  const module = /^(builtins|__builtin__|exceptions)$/.test(exception.module ?? '') ? null : exception.module;
  return (
    <article className={styles.exception} aria-label={name} data-folded={!isOpen || undefined}>
      <header>
        {hint && (
          <p className={styles.hint}>
            {hint.words} <b>{hint.other}</b>
          </p>
        )}
        <div className={styles.first}>
          {isFoldable && (
            <button
              type="button"
              className={styles.fold}
              aria-label={`Toggle exception ${name}`}
              aria-expanded={isOpen}
              onClick={() => setOpen(!isOpen)}
            >
              <Icon name="down" />
            </button>
          )}
          {(exception.type || annotationOf(metaAt(meta, 'type'))) && (
            <h3 className={styles.type}>
              <span title={module ? `${module}.${name}` : undefined}>
                <AnnotatedText value={exception.type} meta={metaAt(meta, 'type')} />
              </span>
              {module && <span className={styles.module}>{module}</span>}
            </h3>
          )}
          {isOpen && mechanism && <MechanismPills mechanism={mechanism} meta={metaAt(meta, 'mechanism')} />}
        </div>
        <ExceptionValue value={exception.value} meta={metaAt(meta, 'value')} />
      </header>
      {isOpen && <ExceptionTrace {...props} />}
    </article>
  );
}

function ExceptionTrace({ exception, scene, options, traceMeta, isNewest, fallback }: BlockProps) {
  const { stacktrace } = exception;
  const hasFrames = !!stacktrace && stacktrace.frames.length > 0;
  if (options.view === 'raw' && (hasFrames || !fallback)) {
    return <RawTrace stacktrace={stacktrace} exception={exception} platform={scene.platform} />;
  }
  if (!hasFrames) return fallback ?? <NoStackTrace words="No stack trace was sent with this exception." />;
  return (
    <StackTrace
      stacktrace={stacktrace}
      scene={scene}
      options={options}
      meta={traceMeta}
      expandsFrame={isNewest}
      isHang={isHang(exception)}
    />
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
      <span>
        <AnnotatedText value={value} meta={meta}>
          {hasPieces ? undefined : isLong ? `${text.slice(0, longValue)}…` : text}
        </AnnotatedText>
      </span>
      <OutsideMark what="Message" />
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
