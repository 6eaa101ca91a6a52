import type { ReactNode } from 'react';
import styles from './checkbox.module.css';

type Props = {
  label: string;
  /** Beside the label, for who knows the thing by its code name. */
  code?: string;
  children?: ReactNode;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
};

/** The browser's own checkbox with its label, and words about it that are part of the target. */
export function Checkbox({ label, code, children, checked, disabled, onChange }: Props) {
  return (
    <label className={styles['checkbox']} data-disabled={disabled || undefined}>
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span className={styles['words']}>
        <span className={styles['label']}>
          {label} {code && <code>{code}</code>}
        </span>
        {children && <span className={styles['more']}>{children}</span>}
      </span>
    </label>
  );
}
