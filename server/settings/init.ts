import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '../protocol/errors.ts';
import { findConfiguration } from './config-files.ts';

/**
 * Writes `<directory>/config.yml` with a fresh secret key, readable by its owner alone; one that exists is left alone.
 *
 * @returns path of the file, and whether it was made now
 * @throws {ConfigurationError} the directory is none, or may not be written to
 */
export function initializeConfiguration(directory: string): { path: string; created: boolean } {
  const path = join(directory, 'config.yml');
  const found = findConfiguration(directory);
  if (found) return { path: found, created: false };
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(path, template(randomBytes(32).toString('hex')), { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : cause;
    // Another start made it in the meantime.
    if (code === 'EEXIST' && existsSync(path)) return { path, created: false };
    const message = `${directory} (STACKMEND_CONF) cannot hold the configuration (${code}): name a directory that may be written to.`;
    throw new ConfigurationError(message, { cause });
  }
  return { path, created: true };
}

const template = (
  secretKey: string,
) => `# Stackmend's configuration. Environment variables beat this file, and so does a stackmend.conf.ts beside it, whose default
# export is an object of options; stackmend config show --json lists every option with its variable.
system.secret-key: '${secretKey}'

# Suggest fix: OpenAI, or any compatible endpoint. A local one needs no key.
# openai.api-key: ''
# openai.base-url: 'http://127.0.0.1:11434/v1'
# openai.model: 'qwen3-coder'

# Or several, of which people choose; the first is the default.
# ai.endpoints:
#   - {name: local, base-url: 'http://127.0.0.1:11434/v1', model: 'qwen3-coder', window: 32768}
#   - {name: openai, base-url: 'https://api.openai.com/v1', model: 'gpt-5-mini', api-key-variable: OPENAI_API_KEY}

# Who may send an event to the model: allowed, individual_consent or subprocessor (nobody).
# ai.policy: individual_consent
`;
