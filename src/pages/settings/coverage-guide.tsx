import { Link } from 'react-router';
import { organization } from '../../api/projects.ts';
import { Copyable } from '../setup/copyable.tsx';
import styles from './coverage-page.module.css';

/** What a CI runs after the tests, for this server and project. */
export function CoverageGuide({ project }: { project: string }) {
  const url = location.origin;
  const release = '"$RELEASE"';
  const commit = '"$(git rev-parse HEAD)"';
  return (
    <section className={styles['guide']} aria-label="How to upload">
      <Copyable
        title="In a CI, after the tests"
        language="bash"
        code={`stackmend coverage upload coverage/lcov.info --project ${project} \\
  --release ${release} --commit ${commit} \\
  --url ${url} --token "$STACKMEND_TOKEN"`}
      />
      <Copyable
        title="Without Stackmend there"
        language="bash"
        code={`curl -f --data-binary @coverage/lcov.info \\
  -H "Authorization: Bearer $STACKMEND_TOKEN" \\
  "${url}/api/0/projects/${organization}/${project}/coverage/?release=$RELEASE&commit=$(git rev-parse HEAD)&name=lcov.info"`}
      />
      <p>
        LCOV, Cobertura, JaCoCo, Istanbul and coverage.py JSON and Go cover profiles are told apart by what is in them;
        several reports of one commit are merged. <code>$RELEASE</code> is the release as the SDK names it. The token is
        one of <Link to="/settings/tokens/">your API tokens</Link>, with <code>project:releases</code>.
      </p>
    </section>
  );
}
