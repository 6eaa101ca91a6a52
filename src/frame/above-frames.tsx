import { type ComponentProps, lazy, Suspense } from 'react';
import { Boundary } from '../components/boundary.tsx';
import { platformOf } from './frame-details.ts';
import type { SourceMaps as SourceMapsPart } from './source-maps.tsx';
import { UncoveredFrames } from './uncovered-frames.tsx';

const SourceMaps = lazy(async () => ({ default: (await import('./source-maps.tsx')).SourceMaps }));

type Props = ComponentProps<typeof SourceMapsPart> & Pick<ComponentProps<typeof UncoveredFrames>, 'onShow'>;

/** What the server knows of an event's frames, told once above them all. It is asked for after the first paint. */
export function AboveFrames({ onShow, ...shared }: Props) {
  const { event, traces, scene } = shared;
  const { exceptions, threads, stacktrace } = traces;
  const traced = [...(exceptions?.values ?? []), ...(threads?.values ?? []), { stacktrace: stacktrace?.value }];
  const hasScripts = traced.some(({ stacktrace: trace }) =>
    trace?.frames.some((frame) => /^(?:javascript|node)$/.test(platformOf(frame, scene.platform))),
  );
  return (
    <>
      <Boundary what="The coverage of the frames">
        <UncoveredFrames event={event} project={scene.project} traces={traces} onShow={onShow} />
      </Boundary>
      {hasScripts && (
        <Boundary what="What is known of source maps">
          <Suspense>
            <SourceMaps {...shared} />
          </Suspense>
        </Boundary>
      )}
    </>
  );
}
