import type { JsonObject, StoredRequest } from '../../protocol/event.ts';
import { addError, adopt, assign, at, invalid, isObject } from './place.ts';
import { adoptAbsent, objectTree, type Reader } from './read.ts';
import { parseUserAgent } from './user-agent.ts';

export type Contexts = { [name: string]: JsonObject | null };

/** Contexts by name; one that does not say its type is of the type of its name. */
export const contexts: Reader = (value, place, key) => {
  const child = at(place, key);
  if (!isObject(value)) return invalid(child, [], value, 'expected contexts by name');
  const out: Contexts = {};
  for (const name of Object.keys(value)) {
    const context = value[name] ?? null;
    if (name === '__proto__') {
      addError(child, [name], { type: 'invalid_attribute', reason: 'the key is not allowed' });
    } else if (context === null) {
      adopt(child, name);
      out[name] = null;
    } else {
      const read = objectTree(context, child, name);
      if (read) {
        read['type'] ??= name;
        readDescription(name, read['type'], read);
      }
      assign(out, name, read);
    }
  }
  adoptAbsent(value, child);
  return out;
};

/** Some SDKs know their system and runtime only as one line, which the platform gave them. */
function readDescription(name: string, type: unknown, context: JsonObject): void {
  const description = context['raw_description'];
  if (typeof description !== 'string' || context['name']) return;
  const kind = typeof type === 'string' ? type : name;
  const pattern =
    kind === 'runtime'
      ? /^([A-Za-z .#+]{1,40}?) v?(\d[\w.+-]{0,40})/
      : /^(Linux|Darwin|Microsoft Windows|[A-Za-z]{1,20}) (\d[\w.]{0,20})/;
  const match = kind === 'runtime' || kind === 'os' ? pattern.exec(description) : null;
  if (!match) return;
  context['name'] = match[1] === 'Microsoft Windows' ? 'Windows' : (match[1] ?? null);
  // Of Linux and Darwin the number is the kernel's, which names no release of the system.
  if (match[1] === 'Linux' || match[1] === 'Darwin') context['kernel_version'] ??= match[2] ?? null;
  else context['version'] ??= match[2] ?? null;
}

/**
 * Adds what the request's `User-Agent` says as contexts, where the SDK gave none of that name: `browser`, and `os`, which
 * is `client_os` beside the server's own. Changes the event.
 */
export function addUserAgentContexts(event: { contexts?: Contexts | null; request?: StoredRequest | null }): void {
  const header = event.request?.headers?.find(([name]) => name.toLowerCase() === 'user-agent')?.[1];
  if (!header) return;
  const found = parseUserAgent(header);
  const known = event.contexts ?? {};
  const added: Contexts = {};
  if (found.browser && !known['browser']) added['browser'] = { type: 'browser', ...found.browser };
  const osKey = known['os'] ? 'client_os' : 'os';
  if (found.os && !known[osKey]) added[osKey] = { type: 'os', ...found.os };
  const deviceKey = known['device'] ? 'client_device' : 'device';
  if (found.device && !known[deviceKey]) added[deviceKey] = { type: 'device', ...found.device };
  if (Object.keys(added).length > 0) event.contexts = { ...known, ...added };
}
