import { useEffect, useMemo, useState } from 'react';
import { type LoadedGrammar, loadedGrammar, loadGrammar } from './grammars.ts';
import { highlightLines, plainLines } from './highlight-lines.ts';
import type { Language } from './languages.ts';
import type { Token } from './token.ts';

type Input = { lines: readonly string[]; language: Language | null; activeIndex?: number };

/** The lines as tokens: plain until the grammar has been fetched, then coloured. Keep `lines` the same array while it says the same. */
export function useHighlightedLines({ lines, language, activeIndex = -1 }: Input): Token[][] {
  const grammar = useGrammar(language);
  return useMemo(() => {
    if (!language || !grammar) return plainLines(lines);
    try {
      return highlightLines({ lines, language, activeIndex }, grammar);
    } catch (error) {
      // Colours are an extra: source that a grammar stumbles over is still source.
      console.warn(`Could not highlight ${language}`, error);
      return plainLines(lines);
    }
  }, [lines, language, activeIndex, grammar]);
}

function useGrammar(language: Language | null): LoadedGrammar | null {
  const [, setArrived] = useState<Language | null>(null);
  const grammar = loadedGrammar(language);
  useEffect(() => {
    if (!language || loadedGrammar(language)) return;
    let isMounted = true;
    loadGrammar(language)
      .then(() => isMounted && setArrived(language))
      // Without its grammar (the network is away) code stays plain, and is as readable.
      .catch(() => {});
    return () => {
      isMounted = false;
    };
  }, [language]);
  return grammar;
}
