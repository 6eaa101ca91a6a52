import type { JsonObject } from '../../protocol/event.ts';
import { mainException, textField } from '../derive.ts';
import { cutTagValue } from '../normalize/tags.ts';
import type { NormalizedEvent } from '../normalize.ts';

/**
 * The tags of an event: those sent, in their order, then those that follow from other fields. A field says better what
 * the event is than a tag of the same name, so it wins.
 */
export function deriveTags(event: NormalizedEvent): [string, string][] {
  const tags = new Map(event.tags);
  for (const [key, value] of derivedTags(event)) {
    const text = value?.trim();
    if (text) tags.set(key, cutTagValue(text));
  }
  return [...tags];
}

function* derivedTags(event: NormalizedEvent): Generator<[string, string | null | undefined]> {
  yield ['level', event.level];
  yield ['release', event.release];
  yield ['dist', event.dist];
  yield ['environment', event.environment];
  yield ['server_name', event.server_name];
  yield ['logger', event.logger];
  yield ['transaction', event.transaction];
  yield ['url', event.request?.url];
  yield ['user', userTag(event.user)];
  const mechanism = mainException(event)?.mechanism;
  yield ['mechanism', mechanism?.type];
  if (typeof mechanism?.handled === 'boolean') yield ['handled', mechanism.handled ? 'yes' : 'no'];
  for (const [name, context] of Object.entries(event.contexts ?? {})) {
    if (context) yield* contextTags(name, context);
  }
}

/** Whom the users of an issue are counted by: the first of these that is there. */
function userTag(user: NormalizedEvent['user']): string | null {
  if (user?.id) return `id:${user.id}`;
  if (user?.email) return `email:${user.email}`;
  if (user?.username) return `username:${user.username}`;
  return user?.ip_address ? `ip:${user.ip_address}` : null;
}

/** By the context's type; the tags bear its name, so that `client_os` stands beside `os`. */
function* contextTags(name: string, context: JsonObject): Generator<[string, string | null]> {
  const type = textField(context, 'type') ?? name;
  if (type === 'os' || type === 'browser' || type === 'runtime') {
    const title = textField(context, 'name');
    const version = textField(context, 'version');
    yield [name, title && version ? `${title} ${version}` : null];
    yield [`${name}.name`, title];
    if (type === 'os' && typeof context['rooted'] === 'boolean') {
      yield [`${name}.rooted`, context['rooted'] ? 'yes' : 'no'];
    }
  } else if (type === 'device') {
    yield [name, textField(context, 'model')];
    yield [`${name}.family`, textField(context, 'family')];
  } else if (type === 'gpu') {
    yield [`${name}.name`, textField(context, 'name')];
    yield [`${name}.vendor_name`, textField(context, 'vendor_name')];
  }
}
