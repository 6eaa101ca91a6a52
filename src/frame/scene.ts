import type { Event } from '../../server/protocol/contract.ts';
import { metaAt } from '../components/annotated-text-meta.ts';
import type { DisplayOptions } from './display-options.ts';
import { type Images, imagesOf } from './native-address.ts';

/** What all frames of one event share. */
export type Scene = {
  project: string;
  platform: string | null;
  /** `contexts.device.arch`: the order of registers. */
  arch: string | null;
  release: string | null;
  commitId: string | null;
  sdkName: string | null;
  isError: boolean;
  images: Images;
  /** For what is read of it late: the fault that registers are compared with. */
  event: Event;
};

/** How a frame's title is written: those of the display options that it follows. */
export type Spelling = Pick<DisplayOptions, 'hasAbsoluteAddresses' | 'hasAbsolutePaths' | 'hasVerboseNames'>;

const textOf = (value: unknown) => (typeof value === 'string' ? value : null);

export function sceneOf(event: Event, project: string): Scene {
  return {
    project,
    platform: event.platform ?? null,
    arch: textOf(metaAt(event.contexts, 'device', 'arch')),
    release: textOf(metaAt(event.release, 'version')) ?? textOf(event.release),
    commitId: textOf(metaAt(event.release, 'lastCommit', 'id')),
    sdkName: event.sdk?.name ?? null,
    isError: event.type === 'error',
    images: imagesOf(event),
    event,
  };
}
