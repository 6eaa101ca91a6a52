/**
 * The rest of the HTTP API's shapes: what the server knows of code, which the page asks for late. Apart from `contract.ts`,
 * so that they come with the code that reads them.
 */
import * as z from 'zod/mini';
import { coverageReasonSchema, dateTime, nullish, number, text } from './contract.ts';

/* ---- Coverage ---- */

/** Which frame of an event: of an exception, else of a thread, else of the stack trace that came with a message. */
const framePlace = { exceptionIndex: number, threadIndex: number, frameIndex: z.number() };

/** Ours, `GET .../events/{id}/coverage/`: does a test reach the lines that the in-app frames stopped at? */
export const eventCoverageSchema = z.looseObject({
  frames: z.array(
    z.looseObject({
      ...framePlace,
      filename: text,
      lineNo: number,
      /** Null: not known, see `reason`. */
      code: number,
      /** How often the line ran; null also where the report does not count. */
      hits: number,
      /** This and what follows: as `codecov` of stacktrace-link has them. */
      reason: nullish(coverageReasonSchema),
      detail: text,
      candidates: nullish(z.array(z.string())),
      path: text,
      commit: text,
      sameContentAs: text,
    }),
  ),
  /** In-app frames beyond the first 500, which were not looked at. */
  framesOmitted: number,
});
export type EventCoverage = z.infer<typeof eventCoverageSchema>;

/** Ours, `GET /projects/{org}/{project}/coverage/`: reports, newest first. */
export const coverageReportsSchema = z.array(
  z.looseObject({
    id: z.string(),
    /** File name as uploaded. */
    name: z.string(),
    format: z.string(),
    files: z.number(),
    lines: z.number(),
    /** Bytes that it takes here. */
    size: z.number(),
    release: text,
    commit: text,
    dateCreated: dateTime,
  }),
);
export type CoverageReports = z.infer<typeof coverageReportsSchema>;

/** Ours, `GET .../coverage/{report}/matches/`: which in-app frames of the newest events a report covers. */
export const coverageMatchesSchema = z.looseObject({
  /** Events looked at that are of the report's release or commit. */
  events: z.number(),
  /** In-app frames of them with a file and a line; those whose file the report has; those whose line it has. */
  frames: z.number(),
  matchedFrames: z.number(),
  coveredFrames: z.number(),
  /** Files of frames that the report lacks, the most frequent first, each with the report's nearest paths. */
  unmatched: z.array(z.looseObject({ path: z.string(), frames: z.number(), nearest: z.array(z.string()) })),
});
export type CoverageMatches = z.infer<typeof coverageMatchesSchema>;

/* ---- source maps: artifact bundles, and why a frame is not mapped ---- */

/**
 * `GET /projects/{org}/{project}/files/artifact-bundles/?query=`, newest first; `DELETE` with `?bundleId=` removes one, with
 * `?release=` (ours) all of a release: 204, or 404.
 */
const artifactBundleSchema = z.looseObject({
  bundleId: z.string(),
  associations: z.array(z.looseObject({ release: text, dist: text })),
  date: dateTime,
  fileCount: z.number(),
  /** Ours: bytes of its files, unpacked. */
  size: number,
});
export const artifactBundlesSchema = z.array(artifactBundleSchema);
export type ArtifactBundle = z.infer<typeof artifactBundleSchema>;

/** `GET /projects/{org}/{project}/artifact-bundles/{bundle}/files/`: `files` pages by `Link`. */
export const artifactFilesSchema = z.looseObject({
  ...artifactBundleSchema.shape,
  files: z.array(
    z.looseObject({
      id: z.string(),
      filePath: z.string(),
      /** As the manifest has it: `minified_source`, `source_map`, ... */
      fileType: z.string(),
      fileSize: z.number(),
      debugId: text,
      sourcemap: text,
    }),
  ),
});
export type ArtifactFiles = z.infer<typeof artifactFilesSchema>;

/** Why a frame is not mapped, or not wholly; each has its words and its next step. */
const sourceMapReasonSchema = z.enum([
  /** Nothing was ever uploaded for this project. */
  'no_artifacts',
  /**
   * The file was built without one, and no release or address leads to an upload either. Also where the file was uploaded
   * without a release, by debug id alone: what was deployed is the build of before the injection.
   */
  'no_debug_id',
  'debug_id_unknown',
  'uploaded_after_event',
  'release_differs',
  'dist_differs',
  /** The release has uploads, and none of them this file. */
  'file_not_found',
  /** The file was uploaded, and neither names a map nor has one with its debug id. */
  'no_source_map',
  /** The file names a map that was not uploaded. */
  'source_map_not_found',
  'source_map_unreadable',
  'source_map_too_large',
  /** The frame has no line or no column. */
  'no_position',
  'no_mapping',
  /** Mapped, but neither the map nor the upload has the source's text. */
  'source_not_included',
  /** It took too long or too much memory. */
  'symbolicator_failed',
]);
export type SourceMapReason = z.infer<typeof sourceMapReasonSchema>;

/** `GET .../events/{id}/source-map-debug/`: what became of every JavaScript frame, as of now. */
export const sourceMapDebugSchema = z.looseObject({
  frames: z.array(
    z.looseObject({
      ...framePlace,
      /** `not_needed`: it is no JavaScript, or readable already. */
      status: z.enum(['mapped', 'unmapped', 'not_needed']),
      reason: nullish(sourceMapReasonSchema),
      /** What is wrong and what to do, a sentence each. */
      detail: text,
      nextStep: text,
      /** Address of the generated file. */
      url: text,
      debugId: text,
      /** The map that was used, or that is named. */
      mapUrl: text,
      /** Releases and dists that do have the file, the nearest first; three at most. */
      nearest: nullish(z.array(z.looseObject({ release: text, dist: text, dateCreated: nullish(dateTime) }))),
    }),
  ),
  /** Would symbolicating again map more of them? */
  canSymbolicateAgain: z.boolean(),
});
export type SourceMapDebug = z.infer<typeof sourceMapDebugSchema>;

/** `POST .../events/{id}/symbolicate/`: how many of the frames are mapped now, and how many were before. */
export const symbolicatedSchema = z.looseObject({ frames: z.number(), mapped: z.number(), mappedBefore: z.number() });
export type Symbolicated = z.infer<typeof symbolicatedSchema>;

/**
 * `POST /projects/{org}/{project}/symbolicate/` with `{release, cursor}`: the same for some events of a release, the newest
 * first; `next` is the cursor of the call that goes on, null at the end.
 */
export const symbolicatedEventsSchema = z.looseObject({
  ...symbolicatedSchema.shape,
  events: z.number(),
  next: z.nullable(z.string()),
});
export type SymbolicatedEvents = z.infer<typeof symbolicatedEventsSchema>;

/* ---- code mappings ---- */

/** `/organizations/{org}/code-mappings/`; the repository is a checkout on the server's disk. */
export const codeMappingSchema = z.looseObject({
  id: z.string(),
  projectId: z.string(),
  projectSlug: z.string(),
  stackRoot: z.string(),
  sourceRoot: z.string(),
  defaultBranch: text,
  repoName: text,
  provider: nullish(z.looseObject({ key: z.string(), name: z.string() })),
  /** Ours. */
  repositoryPath: z.string(),
  /** Ours: where links lead; as set, else as its remote says. */
  repositoryUrl: text,
  /** Ours: why the checkout cannot be read now. */
  problem: text,
});
export const codeMappingsSchema = z.array(codeMappingSchema);
export type CodeMapping = z.infer<typeof codeMappingSchema>;

/** `/organizations/{org}/source-roots/`, ours: absolute folders below which checkouts may be read; none until the operator names them. */
export const sourceRootsSchema = z.looseObject({ roots: z.array(z.string()) });
export type SourceRoots = z.infer<typeof sourceRootsSchema>;

/** Body of POST and PUT. */
export const codeMappingUpdateSchema = z.object({
  projectId: z.optional(z.string()),
  stackRoot: z.string(),
  sourceRoot: z.string(),
  repositoryPath: z.string(),
  repositoryUrl: text,
  provider: nullish(z.enum(['github', 'gitlab'])),
  defaultBranch: text,
});
export type CodeMappingUpdate = z.infer<typeof codeMappingUpdateSchema>;

/** `POST /projects/{org}/{project}/repo-path-parsing/` of `{stackPath, repositoryPath, module?, platform?}`: both roots. */
export const repoPathParsingSchema = z.looseObject({
  stackRoot: z.string(),
  sourceRoot: z.string(),
  /** Ours: the file that was taken for the frame's, within the repository. */
  path: z.string(),
  /** Ours: all files that end as it does, that one first; ten at most. */
  candidates: z.array(z.string()),
});
export type RepoPathParsing = z.infer<typeof repoPathParsingSchema>;
