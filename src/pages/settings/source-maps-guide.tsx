import { useState } from 'react';
import { Link } from 'react-router';
import { organization } from '../../api/projects.ts';
import { Copyable } from '../setup/copyable.tsx';
import styles from './source-maps-guide.module.css';

type Step = { title: string; code: string; language: string };
type Tool = { id: string; label: string; steps: (url: string, project: string) => Step[] };

const tools: readonly Tool[] = [
  {
    id: 'sentry-cli',
    label: 'sentry-cli',
    steps: (url, project) => [
      {
        title: '1. Once in the shell, or as variables of the CI',
        language: 'bash',
        code: `export SENTRY_URL=${url}
export SENTRY_ORG=${organization}
export SENTRY_PROJECT=${project}
export SENTRY_AUTH_TOKEN=…`,
      },
      {
        title: '2. After the build, before it is deployed: debug ids into its files',
        language: 'bash',
        code: 'sentry-cli sourcemaps inject ./dist',
      },
      { title: '3. Upload them', language: 'bash', code: 'sentry-cli sourcemaps upload ./dist' },
    ],
  },
  {
    id: 'vite',
    label: 'Vite',
    steps: (url, project) => [
      { title: '1. Install the plugin', language: 'bash', code: 'npm install --save-dev @sentry/vite-plugin' },
      {
        title: '2. vite.config.js',
        language: 'javascript',
        code: `import { sentryVitePlugin } from '@sentry/vite-plugin';
import { defineConfig } from 'vite';

export default defineConfig({
  build: { sourcemap: 'hidden' },
  plugins: [
    sentryVitePlugin({
      url: '${url}',
      org: '${organization}',
      project: '${project}',
      authToken: process.env.SENTRY_AUTH_TOKEN,
      telemetry: false,
    }),
  ],
});`,
      },
      { title: '3. Build, which uploads as well', language: 'bash', code: 'SENTRY_AUTH_TOKEN=… npx vite build' },
    ],
  },
];

/** What to run so that stack traces of minified JavaScript are readable, for this server and project. */
export function SourceMapsGuide({ project }: { project: string }) {
  const [chosen, setChosen] = useState(tools[0]?.id);
  const tool = tools.find(({ id }) => id === chosen);
  return (
    <section className={styles['guide']} aria-label="How to upload">
      <fieldset className={styles['tabs']} aria-label="Tool">
        {tools.map(({ id, label }) => (
          <button key={id} type="button" aria-pressed={id === chosen} onClick={() => setChosen(id)}>
            {label}
          </button>
        ))}
      </fieldset>
      {tool?.steps(location.origin, project).map((step) => (
        <Copyable key={step.title} {...step} />
      ))}
      <p>
        The token is one of <Link to="/settings/tokens/">your API tokens</Link>, with the scopes for CI:{' '}
        <code>project:releases</code>, <code>project:read</code> and <code>org:read</code>. It belongs among the secrets
        of the CI.
      </p>
    </section>
  );
}
