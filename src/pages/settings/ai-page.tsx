import { useQuery } from '@tanstack/react-query';
import type { Project } from '../../../server/protocol/contract.ts';
import { aiSettingsQuery } from '../../api/ai-settings.ts';
import { useCan } from '../../api/session.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { AiConsentPanel } from './ai-consent-panel.tsx';
import { AiEndpointsPanel } from './ai-endpoints-panel.tsx';
import styles from './ai-page.module.css';
import { AiRulesPanel } from './ai-rules-panel.tsx';
import { AiWherePanel } from './ai-where-panel.tsx';
import { ProjectPage } from './project-page.tsx';

/** `/settings/ai/?project=`: where a project's events may be sent for a suggested fix, and what is taken out of them before. */
export function AiPage() {
  return (
    <ProjectPage
      title="AI"
      about="Which models may be asked for a fix of this project’s issues, and what never reaches them."
      icon="spark"
    >
      {(project) => <Settings key={project.slug} project={project} />}
    </ProjectPage>
  );
}

function Settings({ project }: { project: Project }) {
  const settings = useQuery(aiSettingsQuery(project.slug));
  const mayReadCalls = useCan('ai:admin');
  if (settings.isPending) return <Skeleton label="Loading the AI settings" rows={8} height={32} />;
  if (!settings.data) {
    return (
      <Notice kind="error" title="The AI settings could not be loaded.">
        <p>{settings.error?.message}</p>
        <Button onClick={() => settings.refetch()}>Try again</Button>
      </Notice>
    );
  }
  return (
    <>
      <AiWherePanel project={project.slug} settings={settings.data} />
      <AiRulesPanel project={project.slug} settings={settings.data} />
      <AiEndpointsPanel settings={settings.data} />
      <AiConsentPanel />
      {mayReadCalls && (
        <div className={styles['calls']}>
          <ButtonLink icon="list" to={`/settings/ai-calls/?project=${encodeURIComponent(project.slug)}`}>
            Calls of this project
          </ButtonLink>
        </div>
      )}
    </>
  );
}
