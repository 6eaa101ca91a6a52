import type { ArtifactBundle } from '../../../server/protocol/contract.ts';

/** The releases that an upload is for, without repeats. */
export const releasesOf = ({ associations }: ArtifactBundle): string[] => [
  ...new Set(associations.flatMap(({ release }) => release ?? [])),
];

/** What an upload is called in a sentence: "the upload for shop@1.4.0". */
export function uploadName(bundle: ArtifactBundle): string {
  const [first, ...others] = releasesOf(bundle);
  if (!first) return `the upload ${bundle.bundleId.slice(0, 8)}`;
  return `the upload for ${first}${others.length > 0 ? ` and ${others.length} more` : ''}`;
}
