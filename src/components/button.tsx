import { type ComponentProps, type ReactNode, useId } from 'react';
import { Link, type LinkProps } from 'react-router';
import styles from './button.module.css';
import { classNames } from './class-names.ts';
import { Icon, type IconName } from './icon.tsx';
import { Tooltip } from './tooltip.tsx';

/** `primary`: the one main action of a view. `quiet`: no border until hovered. */
type Look = {
  look?: 'normal' | 'primary' | 'quiet' | 'danger';
  icon?: IconName;
  iconFilled?: boolean;
  children?: ReactNode;
};

const className = (look: Look['look'], children: ReactNode, more: string | undefined) =>
  classNames(styles['button'], look && look !== 'normal' && styles[look], !children && styles['bare'], more);

type ButtonProps = Look &
  ComponentProps<'button'> & {
    /** Why it may not be used, in a sentence. It does nothing then, but stays in reach of the keyboard and says why. */
    whyNot?: string | null;
  };

/** A button; with an icon alone it needs an `aria-label`, which becomes its title too. */
export function Button({ whyNot, ...button }: ButtonProps) {
  return whyNot ? <Barred whyNot={whyNot} {...button} /> : <Plain {...button} />;
}

function Plain({ look, icon, iconFilled, children, className: more, ...rest }: Look & ComponentProps<'button'>) {
  return (
    <button
      type="button"
      title={children ? undefined : rest['aria-label']}
      {...rest}
      className={className(look, children, more)}
    >
      {icon && <Icon name={icon} filled={iconFilled} />}
      {children}
    </button>
  );
}

function Barred({ whyNot, ...button }: Look & ComponentProps<'button'> & { whyNot: string }) {
  const id = useId();
  return (
    <Tooltip text={whyNot} isFocusable={false}>
      <Plain
        {...button}
        type="button"
        title={undefined}
        disabled={false}
        popoverTarget={undefined}
        aria-disabled
        aria-describedby={id}
        // A tap gives no focus in every browser, and the words come with it.
        onClick={(event) => event.currentTarget.focus()}
      />
      <span id={id} hidden>
        {whyNot}
      </span>
    </Tooltip>
  );
}

/** A link that looks like a button. */
export function ButtonLink({ look, icon, iconFilled, children, className: more, ...rest }: Look & LinkProps) {
  return (
    <Link title={children ? undefined : rest['aria-label']} {...rest} className={className(look, children, more)}>
      {icon && <Icon name={icon} filled={iconFilled} />}
      {children}
    </Link>
  );
}
