import { type ComponentType, Suspense, useState } from 'react';
import { Link, Outlet, ScrollRestoration, useMatches, useNavigation } from 'react-router';
import { ButtonLink } from '../components/button.tsx';
import { Mark } from '../components/mark.tsx';
import { ToastProvider } from '../components/toast.tsx';
import { ImportProvider } from '../pages/import/import-provider.tsx';
import styles from './app-shell.module.css';
import { ConnectionNotice } from './connection-notice.tsx';
import { ProjectSwitcher } from './project-switcher.tsx';
import { SessionGuard } from './session-guard.tsx';
import { ShortcutHelp } from './shortcut-help.tsx';
import { ThemeSwitch } from './theme-switch.tsx';
import { UserMenu } from './user-menu.tsx';

/** What a route may say about itself to the shell. */
export type RouteHandle = { Crumb?: ComponentType };
const isHandle = (value: unknown): value is RouteHandle => typeof value === 'object' && value !== null;

/** Top bar, skip link, live regions; the pages are its outlet. */
export function AppShell() {
  const navigating = useNavigation().state !== 'idle';
  const [showsKeys, setShowsKeys] = useState(false);
  const showKeys = () => setShowsKeys(true);
  return (
    <ToastProvider>
      <ImportProvider>
        <a className={styles['skip']} href="#main">
          Skip to content
        </a>
        <header className={styles['bar']} data-busy={navigating || undefined}>
          <Link className={styles['home']} to="/issues/" aria-label="Stackmend: all issues">
            <Mark />
          </Link>
          <nav className={styles['crumbs']} aria-label="Breadcrumbs">
            <Link to="/issues/">Issues</Link>
            <Crumbs />
          </nav>
          <div className={styles['tools']}>
            <ProjectSwitcher />
            <ButtonLink look="quiet" icon="terminal" to="/setup/">
              <span className={styles['word']}>Setup</span>
            </ButtonLink>
            <ThemeSwitch />
            <UserMenu onShowKeys={showKeys} />
          </div>
        </header>
        <ConnectionNotice />
        <main id="main" tabIndex={-1} className={styles['main']}>
          <SessionGuard>
            <Suspense>
              <Outlet />
            </Suspense>
          </SessionGuard>
        </main>
        <ShortcutHelp isOpen={showsKeys} onOpen={showKeys} onClose={() => setShowsKeys(false)} />
        <ScrollRestoration />
      </ImportProvider>
    </ToastProvider>
  );
}

function Crumbs() {
  return useMatches().map(({ id, handle }) => {
    const Crumb = isHandle(handle) ? handle.Crumb : undefined;
    return Crumb && <Crumb key={id} />;
  });
}
