/** What is asked of the symbolicator, and what it answers: plain values, as they cross threads. */
import type { SourceMapReason } from '../../protocol/contract.ts';

export type FrameToMap = {
  /** Address of the generated file; null for a frame that needs no map, and stands for itself among the others. */
  url: string | null;
  /** As engines count, from 1. */
  line: number | null;
  column: number | null;
  function: string | null;
};

export type SymbolicateRequest = {
  projectId: number;
  release: string | null;
  dist: string | null;
  /** Of generated files, by their address. */
  debugIds: readonly (readonly [url: string, debugId: string])[];
  /** Frames of each stack trace, oldest first. */
  stacks: readonly (readonly FrameToMap[])[];
};

export type MappedFrame = {
  status: 'mapped';
  /** Address of the source, and how a frame names it. */
  absPath: string;
  filename: string;
  module: string | null;
  /** Null: its name is not known. */
  function: string | null;
  /** Its name may be another where it is called from elsewhere. */
  dependsOnCaller: boolean;
  /** From 1. */
  line: number;
  column: number;
  /** Null: neither the map nor the upload has the source. */
  context: { before: string[]; line: string; after: string[] } | null;
  /** A package's, a bundler's, or on the map's ignore list. */
  isLibrary: boolean;
  mapUrl: string;
  resolvedWith: 'debug-id' | 'release';
  /** When the map was uploaded, Unix ms, and which upload it was (`artifactBundle.id`). */
  uploaded: number;
  bundle: number;
};
export type UnmappedFrame = {
  status: 'unmapped';
  reason: SourceMapReason;
  /** What is wrong in particular, a sentence. */
  detail: string | null;
  mapUrl: string | null;
};
export type FrameAnswer = MappedFrame | UnmappedFrame;

export type SymbolicateAnswer = {
  /** As the stacks of the request; null for a frame that was not asked for. */
  stacks: (FrameAnswer | null)[][];
};

/** @throws when it cannot answer: it died, or was too slow */
export type Symbolicate = (request: SymbolicateRequest) => Promise<SymbolicateAnswer>;

/** Uploads that were of use. */
export function bundlesOf({ stacks }: SymbolicateAnswer): number[] {
  return [...new Set(stacks.flat().flatMap((answer) => (answer?.status === 'mapped' ? answer.bundle : [])))];
}
