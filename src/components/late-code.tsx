import { type ReactNode, Suspense } from 'react';
import { Boundary } from './boundary.tsx';

type Props = {
  /** What it is, for who has to be told that it could not be fetched: "The menu". */
  what: string;
  fallback?: ReactNode;
  children: ReactNode;
};

/** What comes with code of its own. Where that cannot be fetched, this says so, and all around it stays. */
export function LateCode({ what, fallback, children }: Props) {
  return (
    <Boundary what={what}>
      <Suspense fallback={fallback}>{children}</Suspense>
    </Boundary>
  );
}
