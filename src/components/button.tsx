import type { ComponentProps, ReactNode } from 'react';
import { Link, type LinkProps } from 'react-router';
import styles from './button.module.css';
import { classNames } from './class-names.ts';
import { Icon, type IconName } from './icon.tsx';

/** `primary`: the one main action of a view. `quiet`: no border until hovered. */
type Look = {
  look?: 'normal' | 'primary' | 'quiet' | 'danger';
  icon?: IconName;
  iconFilled?: boolean;
  children?: ReactNode;
};

const className = (look: Look['look'], children: ReactNode, more: string | undefined) =>
  classNames(styles['button'], look && look !== 'normal' && styles[look], !children && styles['bare'], more);

/** A button; with an icon alone it needs an `aria-label`, which becomes its title too. */
export function Button({
  look,
  icon,
  iconFilled,
  children,
  className: more,
  ...rest
}: Look & ComponentProps<'button'>) {
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

/** A link that looks like a button. */
export function ButtonLink({ look, icon, iconFilled, children, className: more, ...rest }: Look & LinkProps) {
  return (
    <Link title={children ? undefined : rest['aria-label']} {...rest} className={className(look, children, more)}>
      {icon && <Icon name={icon} filled={iconFilled} />}
      {children}
    </Link>
  );
}
