import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Project } from '../../../server/protocol/contract.ts';
import { coverageReportsQuery } from '../../api/coverage.ts';
import { Button } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { CoverageGuide } from './coverage-guide.tsx';
import { CoverageList } from './coverage-list.tsx';
import styles from './coverage-page.module.css';
import { ProjectPage } from './project-page.tsx';

/** `/settings/coverage/?project=`: reports of a project's tests, and which frames each of them speaks of. */
export function CoveragePage() {
  return (
    <ProjectPage
      title="Coverage"
      about="Reports of what your tests run: the lines of frames are marked by them."
      icon="check"
    >
      {(project) => <Reports key={project.slug} project={project} />}
    </ProjectPage>
  );
}

function Reports({ project }: { project: Project }) {
  const reports = useQuery(coverageReportsQuery(project.slug));
  const [isGuideOpen, setGuideOpen] = useState(false);
  if (reports.isPending) return <Skeleton label="Loading the reports" rows={5} height={32} />;
  if (!reports.data) {
    return (
      <Notice kind="error" title="The reports could not be loaded.">
        <p>{reports.error?.message}</p>
        <Button onClick={() => reports.refetch()}>Try again</Button>
      </Notice>
    );
  }
  if (reports.data.length === 0) {
    return (
      <>
        <Notice icon="check" title={`${project.name} has no coverage report.`}>
          <p>With one, each frame says which of its lines tests reach, and how often they ran.</p>
        </Notice>
        <CoverageGuide project={project.slug} />
      </>
    );
  }
  return (
    <>
      <div className={styles['tools']}>
        <Button aria-expanded={isGuideOpen} onClick={() => setGuideOpen(!isGuideOpen)}>
          How to upload
        </Button>
      </div>
      {isGuideOpen && <CoverageGuide project={project.slug} />}
      <CoverageList reports={reports.data} project={project.slug} />
    </>
  );
}
