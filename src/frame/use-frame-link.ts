import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { Frame, StacktraceLink } from '../../server/protocol/contract.ts';
import { stacktraceLinkQuery } from '../api/stacktrace-link.ts';
import { platformOf } from './frame-details.ts';
import type { Scene } from './scene.ts';

export type FrameLink = UseQueryResult<StacktraceLink>;

/** One request for all that the server knows of a frame's line: coverage, source from the checkout, links. */
export function useFrameLink(frame: Frame, scene: Scene, isWanted: boolean): FrameLink {
  const { project, release, commitId, sdkName } = scene;
  const { filename: file, lineNo, absPath, module, package: packagePath } = frame;
  return useQuery({
    ...stacktraceLinkQuery(project, {
      file,
      lineNo,
      absPath,
      module,
      package: packagePath,
      platform: platformOf(frame, scene.platform),
      sdkName,
      release,
      commitId,
    }),
    enabled: isWanted && !!file && !!lineNo,
  });
}
