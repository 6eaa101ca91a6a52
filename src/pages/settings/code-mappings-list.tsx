import { useState } from 'react';
import type { CodeMapping } from '../../../server/protocol/contract.ts';
import { useWhyNot } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { Icon } from '../../components/icon.tsx';
import { Sentences } from '../../components/sentences.tsx';
import styles from './code-mappings-list.module.css';
import { RemoveMappingDialog } from './code-mappings-remove.tsx';
import rows from './rows.module.css';

type Props = { mappings: readonly CodeMapping[]; project: string; onEdit: (mapping: CodeMapping) => void };

/** One row a mapping: from which paths to which folder, and why that cannot be read now. */
export function CodeMappingsList({ mappings, project, onEdit }: Props) {
  const [asked, setAsked] = useState<CodeMapping | null>(null);
  return (
    <div className={classNames(rows['list'], styles['list'])}>
      <div className={rows['head']} aria-hidden="true">
        <span>Frames that begin with</span>
        <span>Folder of the repository</span>
        <span>Checkout on the server</span>
      </div>
      <ul aria-label="Code mappings">
        {mappings.map((mapping) => (
          <MappingRow
            key={mapping.id}
            mapping={mapping}
            onEdit={() => onEdit(mapping)}
            onRemove={() => setAsked(mapping)}
          />
        ))}
      </ul>
      {asked && <RemoveMappingDialog mapping={asked} project={project} onClose={() => setAsked(null)} />}
    </div>
  );
}

type RowProps = { mapping: CodeMapping; onEdit: () => void; onRemove: () => void };

function MappingRow({ mapping, onEdit, onRemove }: RowProps) {
  const { stackRoot, sourceRoot, repositoryPath, repositoryUrl, repoName, defaultBranch, problem } = mapping;
  const whyNot = useWhyNot('project:write');
  const name = stackRoot || 'any path';
  return (
    <li className={classNames(rows['row'], styles['row'])}>
      <div className={styles['stack']}>
        <span className={rows['label']}>Frames that begin with </span>
        {stackRoot ? <code>{stackRoot}</code> : <span className={rows['muted']}>any path</span>}
      </div>
      <div className={styles['source']}>
        <span className={rows['label']}>Folder of the repository: </span>
        {sourceRoot ? <code>{sourceRoot}</code> : <span className={rows['muted']}>its top</span>}
      </div>
      <div className={styles['repository']}>
        <span className={rows['label']}>Checkout: </span>
        <code>{repositoryPath}</code>
        <span className={rows['muted']}>
          {repositoryUrl && /^https?:\/\//.test(repositoryUrl) ? (
            <a href={repositoryUrl} target="_blank" rel="noopener noreferrer">
              {repoName || repositoryUrl}
            </a>
          ) : (
            'no page on the web'
          )}
          {defaultBranch && ` · ${defaultBranch}`}
        </span>
      </div>
      <div className={classNames(rows['actions'], styles['actions'])}>
        <Button
          look="quiet"
          icon="gear"
          whyNot={whyNot}
          aria-label={`Change the mapping of ${name}`}
          onClick={onEdit}
        />
        <Button
          look="quiet"
          icon="trash"
          whyNot={whyNot}
          aria-label={`Delete the mapping of ${name}`}
          onClick={onRemove}
        />
      </div>
      {problem && (
        <p className={styles['problem']}>
          <Icon name="warning" />
          <span>
            <Sentences text={problem} />
          </span>
        </p>
      )}
    </li>
  );
}
