/**
 * Makes a value when it is first asked for, and keeps it. For what `Intl` makes: each formatter takes milliseconds, which
 * at import every page would wait for before it is drawn.
 */
export function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
