import { EventEmitter } from 'node:events';
import { encode } from './codec.js';

/** Two ends that hear one another; stands for a socket. */
export function createLink() {
  const server = new EventEmitter();
  const connect = () => {
    const socket = new EventEmitter();
    socket.write = (text) => setImmediate(() => server.emit('data', text, (type, body) => socket.emit('data', encode(type, body))));
    socket.end = () => setImmediate(() => socket.emit('end'));
    setImmediate(() => socket.emit('ready'));
    return socket;
  };
  return { server, connect };
}
