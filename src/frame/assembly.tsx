import type { ReactNode } from 'react';
import type { Frame } from '../../server/protocol/contract.ts';
import { AnnotatedText } from '../components/annotated-text.tsx';
import { showControls } from '../components/annotated-text-controls.ts';
import { metaAt } from '../components/annotated-text-meta.ts';
import styles from './assembly.module.css';
import details from './details.module.css';
import { parseAddress } from './native-address.ts';
import { parseAssembly } from './parse-assembly.ts';
import type { Scene } from './scene.ts';
import { sourceLinkOf } from './source-link.ts';

/** How an unwinder found a frame, in the words of Breakpad and of Sentry's own SDKs. */
const trusts: Record<string, string> = {
  context: 'from the registers',
  prewalked: 'by the sender, before it sent the event',
  cfi: 'by unwind information',
  'cfi-scan': 'by unwind information, after a scan of the stack: it may not have been called',
  fp: 'by the frame pointer',
  scan: 'by a scan of the stack for what looks like a return address: it may not have been called',
  inline: 'by debug information: the compiler put it into the function that calls it',
  none: 'in a way that is not known',
};

type Props = { frame: Frame; scene: Scene; meta?: unknown; hasAssembly: boolean };

/** Where a frame's code comes from: its .NET assembly, how the frame was found, and the source that the SDK names. */
export function FrameOrigin({ frame, scene, meta, hasAssembly }: Props) {
  const link = sourceLinkOf(frame.sourceLink);
  return (
    <div className={details.part}>
      <dl className={styles.assembly} aria-label="Origin of the code">
        {hasAssembly && <Assembly frame={frame} scene={scene} meta={metaAt(meta, 'package')} />}
        {frame.trust && (
          <Field label="Found">
            {Object.hasOwn(trusts, frame.trust) && `${trusts[frame.trust]} `}
            <span className={styles.sent}>
              (<AnnotatedText value={frame.trust} meta={metaAt(meta, 'trust')} />)
            </span>
          </Field>
        )}
        {frame.sourceLink && (
          <Field label="Source link">
            {link ? (
              <a href={link} target="_blank" rel="noopener noreferrer nofollow">
                {showControls(link)}
              </a>
            ) : (
              <span title="Only addresses of http and https without a password can be followed.">
                <AnnotatedText value={frame.sourceLink} meta={metaAt(meta, 'sourceLink')} />
              </span>
            )}
          </Field>
        )}
      </dl>
    </div>
  );
}

function Assembly({ frame, scene, meta }: { frame: Frame; scene: Scene; meta: unknown }) {
  const { name, version, culture, publicKeyToken } = parseAssembly(frame.package);
  // .NET's frames count from the start of their module, by its place in the list.
  const path = scene.images(parseAddress(frame.instructionAddr), frame.addrMode)?.name;
  return (
    <>
      <Field label="Assembly">
        <AnnotatedText value={name ?? '-'} meta={meta} />
      </Field>
      <Field label="Version">{showControls(version ?? '-')}</Field>
      <Field label="Culture">{showControls(culture ?? '-')}</Field>
      <Field label="PublicKeyToken">{showControls(publicKeyToken ?? '-')}</Field>
      {path && <Field label="Path">{showControls(path)}</Field>}
    </>
  );
}

function Field({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
