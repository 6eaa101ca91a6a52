import { type ComponentProps, type ReactNode, useId, useState } from 'react';
import { Button } from './button.tsx';
import styles from './field.module.css';

type Props = Omit<ComponentProps<'input'>, 'id' | 'className'> & {
  label: string;
  /** Words below the field; what is wrong takes their place. */
  hint?: ReactNode;
  /** What is wrong with what was typed; is announced. */
  fault?: string | null | undefined;
  /** Set in the code font: names that machines compare. */
  isCode?: boolean;
  /** A button within the field's frame. */
  aside?: ReactNode;
};

/** One line of a form: label, input, hint and what is wrong with it, tied together for screen readers. */
export function TextField({ label, hint, fault, isCode, aside, type = 'text', ...input }: Props) {
  const id = useId();
  const told = fault ? `${id}-fault` : hint ? `${id}-hint` : undefined;
  return (
    <div className={styles['field']}>
      <label htmlFor={id}>{label}</label>
      <span className={styles['frame']} data-invalid={fault ? true : undefined} data-code={isCode || undefined}>
        <input {...input} type={type} id={id} aria-invalid={fault ? true : undefined} aria-describedby={told} />
        {aside}
      </span>
      {fault && (
        <p id={`${id}-fault`} role="alert" className={styles['fault']}>
          {fault}
        </p>
      )}
      {hint && !fault && (
        <p id={`${id}-hint`} className={styles['hint']}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** A password that can be looked at while it is typed, so that nobody has to type it twice. */
export function PasswordField(props: Props & { autoComplete: 'new-password' | 'current-password' }) {
  const [isShown, setShown] = useState(false);
  return (
    <TextField
      {...props}
      type={isShown ? 'text' : 'password'}
      isCode={isShown}
      autoCapitalize="none"
      spellCheck={false}
      aside={
        <Button
          look="quiet"
          aria-label={`${isShown ? 'Hide' : 'Show'}: ${props.label}`}
          onClick={() => setShown(!isShown)}
        >
          {isShown ? 'Hide' : 'Show'}
        </Button>
      }
    />
  );
}
