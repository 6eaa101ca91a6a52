import { createContext, useContext, useEffect, useEffectEvent, useRef } from 'react';

/** Asks every stack trace of the event to open or close its frames; another object each time that it is asked. */
export type FramesCommand = { isOpen: boolean };
export const FramesCommandContext = createContext<FramesCommand | null>(null);

/** Runs it when something is asked; what was asked before the stack trace was there is none of its business. */
export function useFramesCommand(run: (isOpen: boolean) => void): void {
  const command = useContext(FramesCommandContext);
  const done = useRef(command);
  const onAsked = useEffectEvent(run);
  useEffect(() => {
    if (!command || command === done.current) return;
    done.current = command;
    onAsked(command.isOpen);
  }, [command]);
}
