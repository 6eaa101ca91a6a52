import { useEffect, useRef } from 'react';
import { NavLink, Outlet, useLocation } from 'react-router';
import { Icon, type IconName } from '../../components/icon.tsx';
import styles from './settings-page.module.css';

const pages: { to: string; icon: IconName; label: string }[] = [
  { to: '/settings/account/', icon: 'user', label: 'Account' },
  { to: '/settings/tokens/', icon: 'terminal', label: 'API tokens' },
  { to: '/settings/members/', icon: 'list', label: 'Members' },
  { to: '/settings/projects/', icon: 'gear', label: 'Projects' },
  { to: '/settings/source-maps/', icon: 'upload', label: 'Source maps' },
  { to: '/settings/code-mappings/', icon: 'link', label: 'Code mappings' },
  { to: '/settings/coverage/', icon: 'check', label: 'Coverage' },
  { to: '/settings/ai/', icon: 'spark', label: 'AI' },
  { to: '/settings/ai-calls/', icon: 'list', label: 'AI calls' },
];

/** `/settings/`: the pages beside a list of them, which lies above where it is narrow. */
export function SettingsPage() {
  const { pathname } = useLocation();
  const nav = useRef<HTMLElement>(null);
  // Where it is narrow the list is longer than the page is wide.
  useEffect(() => {
    const all = [...(nav.current?.querySelectorAll('a') ?? [])];
    const link = all.find((each) => `${pathname}/`.startsWith(each.pathname));
    link?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [pathname]);
  return (
    <div className={styles['settings']}>
      <nav ref={nav} className={styles['nav']} aria-label="Settings">
        {pages.map(({ to, icon, label }) => (
          <NavLink key={to} to={to}>
            <Icon name={icon} />
            {label}
          </NavLink>
        ))}
      </nav>
      <div className={styles['page']}>
        <Outlet />
      </div>
    </div>
  );
}
