import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import styles from './once-secret.module.css';

type Props = {
  title: string;
  /** A password or a token: the server keeps no copy that could be shown again. */
  secret: string;
  /** What it is called in the button's words: "Copy the token". */
  kind: 'password' | 'token';
  about: ReactNode;
  /** Lines to run, the secret within. */
  usage?: readonly { title: string; code: string }[];
  onDone: () => void;
};

/** A secret that is shown once. It lies on the page, not in a dialog, so that no stray Escape takes it away. */
export function OnceSecret({ title, secret, kind, about, usage = [], onDone }: Props) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <section ref={box} tabIndex={-1} className={styles['once']} aria-label={title}>
      <h2>{title}</h2>
      <p>{about}</p>
      <div className={styles['secret']}>
        <code>{secret}</code>
        <CopyButton label={`Copy the ${kind}`} text={secret}>
          Copy
        </CopyButton>
      </div>
      {usage.map((line) => (
        <div key={line.title} className={styles['usage']}>
          <span>{line.title}</span>
          <div>
            <code>{line.code}</code>
            <CopyButton label={`Copy: ${line.title}`} text={line.code} />
          </div>
        </div>
      ))}
      <div>
        <Button icon="check" onClick={onDone}>
          I have kept it
        </Button>
      </div>
    </section>
  );
}
