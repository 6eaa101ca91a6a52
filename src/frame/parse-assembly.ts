export type Assembly = {
  name: string | undefined;
  version: string | undefined;
  culture: string | undefined;
  publicKeyToken: string | undefined;
};

/**
 * Reads a .NET assembly's full name, `Name, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null`. Neutral culture and no
 * token are the absence of both, and so left out (sentry-behaviour 7.11).
 */
export function parseAssembly(fullName: string | null | undefined): Assembly {
  const [name, ...rest] = fullName?.split(',') ?? [];
  const fields = new Map(
    rest.map((part): [string, string] => {
      const [key = '', value = ''] = part.trim().split('=', 2);
      return [key.toLowerCase(), value];
    }),
  );
  const field = (key: string, absent: string) => {
    const value = fields.get(key);
    return value && value !== absent ? value : undefined;
  };
  return {
    name: name?.trim() || undefined,
    version: field('version', ''),
    culture: field('culture', 'neutral'),
    publicKeyToken: field('publickeytoken', 'null'),
  };
}
