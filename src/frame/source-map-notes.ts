import { createContext, type ReactNode } from 'react';
import type { Frame } from '../../server/protocol/contract.ts';

/** Of frames that are not mapped, what is said of each where it is open; null until that is known. Its code comes late. */
export const SourceMapNotes = createContext<ReadonlyMap<Frame, ReactNode> | null>(null);
