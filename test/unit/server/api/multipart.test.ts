import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import express from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeTurns } from '../../../../server/api/multipart.ts';
import { waitFor } from '../../../server.ts';

/** A server whose requests say when they are in, and end when they are told to. */
async function serve() {
  const inside: (() => void)[] = [];
  let slow = Promise.resolve();
  let before = 0;
  let gone = 0;
  const app = express();
  app.use(async (_req, res, next) => {
    before += 1;
    res.once('close', () => {
      gone += 1;
    });
    await slow;
    next();
  });
  app.use(takeTurns(2), (_req, res) => {
    inside.push(() => res.end('done'));
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    inside,
    /** Requests that came in so far. */
    before: () => before,
    /** Requests that ended, or whose sender went. */
    gone: () => gone,
    /** Keeps those that come from now on in front of the turns, until it is called. */
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      slow = promise;
      return resolve;
    },
    send: () => fetch(`http://127.0.0.1:${port}/`).then((response) => response.text()),
    /** One whose sender can go. */
    open: async (): Promise<Socket> => {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      return socket;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

let server: Awaited<ReturnType<typeof serve>>;
beforeEach(async () => {
  server = await serve();
});
afterEach(() => server.close());

describe('turns', () => {
  it('let two at a time go on, and the next when one of them ends', async () => {
    const answers = [server.send(), server.send(), server.send()];
    await waitFor(() => server.before() === 3);
    await waitFor(() => server.inside.length === 2);
    server.inside[0]?.();
    await waitFor(() => server.inside.length === 3);
    for (const end of server.inside) end();
    expect(await Promise.all(answers)).toEqual(['done', 'done', 'done']);
  });

  it('come back from who goes: inside, while waiting, and before', async () => {
    const sockets = [await server.open(), await server.open()];
    await waitFor(() => server.inside.length === 2);
    const waiting = await server.open();
    await waitFor(() => server.before() === 3);
    waiting.destroy();
    await waitFor(() => server.gone() === 1);
    for (const socket of sockets) socket.destroy();
    await waitFor(() => server.gone() === 3);
    const letGo = server.hold();
    const early = [await server.open(), await server.open()];
    await waitFor(() => server.before() === 5);
    for (const socket of early) socket.destroy();
    await waitFor(() => server.gone() === 5);
    letGo();
    const last = [server.send(), server.send()];
    await waitFor(() => server.inside.length === 4);
    for (const end of server.inside) end();
    expect(await Promise.all(last)).toEqual(['done', 'done']);
  });
});
