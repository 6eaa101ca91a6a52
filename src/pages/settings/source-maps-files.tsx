import { useInfiniteQuery } from '@tanstack/react-query';
import { artifactFilesQuery } from '../../api/artifact-bundles.ts';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { formatBytes } from '../../components/numbers.ts';
import { Skeleton } from '../../components/skeleton.tsx';
import styles from './source-maps-files.module.css';

const typeWords: Record<string, string> = {
  minified_source: 'built file',
  source_map: 'source map',
  source: 'source',
  indexed_ram_bundle: 'RAM bundle',
};
const wordsOf = (type: string) => (Object.hasOwn(typeWords, type) ? typeWords[type] : type);

/** The files of one upload, a page at a time, each with the debug id that frames are matched by. */
export function SourceMapsFiles({ project, bundleId, name }: { project: string; bundleId: string; name: string }) {
  const query = useInfiniteQuery(artifactFilesQuery(project, bundleId));
  const files = query.data?.pages.flatMap((page) => page.files);
  if (query.isPending) return <Skeleton label="Loading the files" rows={3} />;
  if (!files) {
    return (
      <div className={styles['failed']}>
        <p role="alert">The files could not be loaded: {query.error?.message}</p>
        <Button onClick={() => query.refetch()}>Try again</Button>
      </div>
    );
  }
  if (files.length === 0) return <p className={styles['empty']}>It has no files.</p>;
  return (
    <>
      <ul className={styles['files']} aria-label={`Files of ${name}`}>
        {files.map((file) => (
          <li key={file.id}>
            <code className={styles['path']}>{file.filePath}</code>
            <span className={styles['facts']}>
              {wordsOf(file.fileType)}, {formatBytes(file.fileSize)}
              {file.sourcemap && (
                <>
                  , map <code>{file.sourcemap}</code>
                </>
              )}
            </span>
            <span className={styles['debug']}>
              {file.debugId ? (
                <>
                  <code>{file.debugId}</code>
                  <CopyButton label={`Copy the debug id of ${file.filePath}`} text={file.debugId} />
                </>
              ) : (
                <span>no debug id</span>
              )}
            </span>
          </li>
        ))}
      </ul>
      {query.isFetchNextPageError && <p role="alert">The next files could not be loaded: {query.error?.message}</p>}
      {query.hasNextPage && (
        <Button look="quiet" disabled={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
          {query.isFetchingNextPage ? 'Loading…' : 'Show more files'}
        </Button>
      )}
    </>
  );
}
