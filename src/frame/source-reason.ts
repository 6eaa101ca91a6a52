import type { Frame, SourceReason, StacktraceLink } from '../../server/protocol/contract.ts';
import type { Scene } from './scene.ts';

/** Fallbacks: the server's own sentence knows the path and the commit. */
const words: Record<SourceReason, string> = {
  no_code_mapping: 'No source came with this frame, and the project has no code mapping to find it by.',
  stack_root_mismatch: 'No source came with this frame, and no code mapping begins like its path.',
  no_commit:
    'No source came with this frame, and its release names no commit. Name releases after the commit, or tell the commit with `sentry-cli releases set-commits`.',
  commit_unknown:
    'No source came with this frame, and the checkout on the server lacks the commit of its release: it has to be fetched there.',
  file_not_found: 'No source came with this frame, and its file is not in the repository at that commit.',
  file_refused: 'No source came with this frame. Its file may hold secrets, so the server does not read it.',
  not_a_source_file: 'No source came with this frame. What the repository has by its name is no text file to show.',
  line_not_found: 'No source came with this frame, and the file at that commit is shorter than the line it names.',
  repository_unreadable: 'No source came with this frame, and the server cannot read the checkout of its code mapping.',
};

/** What somebody can do about it on a page of ours. */
const steps: Partial<Record<SourceReason, string>> = {
  no_code_mapping: 'Add a code mapping',
  stack_root_mismatch: 'Add a code mapping for this path',
  repository_unreadable: 'See the code mappings',
};

export type SourceNote = { text: string; step: { label: string; to: string } | null };

/** Why there are no lines of a frame, with the next step. Null for libraries. */
export function sourceReason(frame: Frame, scene: Scene, link: StacktraceLink): SourceNote | null {
  const { reason, detail } = link.source ?? {};
  if (!frame.inApp) return null;
  if (!reason) return { text: 'No source came with this frame.', step: null };
  const label = steps[reason];
  if (!label) return { text: detail || words[reason], step: null };
  const path = frame.absPath || frame.filename || '';
  const query = new URLSearchParams({ project: scene.project });
  if (reason !== 'repository_unreadable') {
    query.set('path', path);
    query.set('stackRoot', likelyRoot(path));
  }
  return { text: detail || words[reason], step: { label, to: `/settings/code-mappings/?${query}` } };
}

/** Where the code of a container or of a bundler lies; what is above it is no part of a repository. */
const knownRoots =
  /^(?:webpack:\/\/[^/]*\/(?:\.\/)?|(?:\/usr\/src|\/var|\/srv|\/opt)\/[^/]+\/|\/home\/[^/]+\/[^/]+\/|\/[^/]+\/)/;

/** The beginning of a frame's path that is likely no part of the repository: a guess for a form, to be looked at. */
export function likelyRoot(path: string): string {
  return knownRoots.exec(path)?.[0] ?? '';
}
