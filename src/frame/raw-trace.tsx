import { lazy } from 'react';
import { LateCode } from '../components/late-code.tsx';
import { Skeleton } from '../components/skeleton.tsx';
import type { RawInput } from './raw-stacktrace.ts';

const RawText = lazy(async () => ({ default: (await import('./raw-text.tsx')).RawText }));

/** A stack trace as text; how each language writes it comes when it is asked for. */
export function RawTrace(trace: RawInput) {
  return (
    <LateCode what="The stack trace as text" fallback={<Skeleton label="Loading the stack trace as text" rows={8} />}>
      <RawText {...trace} />
    </LateCode>
  );
}
