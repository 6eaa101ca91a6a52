/** What of the image can be shown without a container engine: its files, its settings, its health check. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../server.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const steps = read('Dockerfile')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => ({ name: line.slice(0, line.indexOf(' ')), text: line.slice(line.indexOf(' ') + 1) }));
const textsOf = (name: string) => steps.filter((step) => step.name === name).map(({ text }) => text);
/** The words of a step that is a list; its flags are left out. @throws {SyntaxError} it would go through a shell */
const wordsOf = (text: string): string[] => JSON.parse(text.slice(text.indexOf('[')));
const lastStage = steps.slice(steps.findLastIndex(({ name }) => name === 'FROM'));
const copied = textsOf('COPY')
  .filter((text) => !text.startsWith('--from'))
  .flatMap((text) => text.split(' ').slice(0, -1));

describe('the image', () => {
  it('is made of steps that are known, none of which asks for a shell', () => {
    const known = ['FROM', 'WORKDIR', 'COPY', 'RUN', 'ENV', 'USER', 'VOLUME', 'EXPOSE', 'HEALTHCHECK', 'CMD'];
    expect(steps.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([]);
    for (const name of ['RUN', 'CMD', 'HEALTHCHECK', 'VOLUME']) {
      for (const text of textsOf(name)) expect(wordsOf(text).length).toBeGreaterThan(0);
    }
  });

  it('copies files that exist, and no others reach the engine', () => {
    expect(copied.filter((name) => !existsSync(join(root, name)))).toEqual([]);
    const allowed = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    expect(allowed.toSorted()).toEqual(copied.toSorted());
  });

  it('takes from the stage that builds only what was put or made there', () => {
    const taken = textsOf('COPY')
      .filter((text) => text.startsWith('--from=build '))
      .map((text) => text.split(' ')[1]?.replace('/app/', '') ?? '');
    expect(taken.filter((name) => ![...copied, 'node_modules', 'dist'].includes(name))).toEqual([]);
  });

  it('runs scripts and files that exist', () => {
    const { scripts } = JSON.parse(read('package.json'));
    for (const [program, verb, script = ''] of textsOf('RUN').map(wordsOf)) {
      if (program === 'npm' && verb === 'run') expect(scripts).toHaveProperty([script]);
    }
    const [command, file = ''] = wordsOf(textsOf('CMD')[0] ?? '[]');
    expect(command).toBe('node');
    expect(existsSync(join(root, file))).toBe(true);
  });

  it('serves as another user than root, from one volume, to others than the container itself', () => {
    const names = lastStage.map(({ name }) => name);
    expect(textsOf('USER')).toEqual(['node']);
    expect(names.indexOf('USER')).toBeLessThan(names.indexOf('CMD'));
    const environment = new Map(
      textsOf('ENV').flatMap((text) =>
        text.split(' ').map((pair): [string, string] => {
          const [name = '', value = ''] = pair.split('=');
          return [name, value];
        }),
      ),
    );
    expect(textsOf('VOLUME').map(wordsOf)).toEqual([[environment.get('STACKMEND_CONF')]]);
    expect(textsOf('EXPOSE')).toEqual([environment.get('PORT')]);
    expect(environment.get('HOST')).toBe('0.0.0.0');
  });

  it('is built on the major version of Node that the server is pinned to', () => {
    const pinned = JSON.parse(read('package.json')).dependencies.node.split('.')[0];
    expect(new Set(textsOf('FROM').map((text) => text.split(' ')[0]))).toEqual(new Set([`node:${pinned}-slim`]));
  });
});

describe('its health check', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server?.stop());

  const [program, ...words] = wordsOf(textsOf('HEALTHCHECK')[0] ?? '[]');
  const check = (port: string) =>
    new Promise<number | null>((resolve) => {
      spawn(program === 'node' ? process.execPath : '', words, { env: { PORT: port } }).once('exit', resolve);
    });

  it('passes on a server that is ready, and on no other', async () => {
    expect(await check(new URL(server.url).port)).toBe(0);
    await server.stop();
    expect(await check(new URL(server.url).port)).toBe(1);
  });
});
