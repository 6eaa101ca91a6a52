// Imported before another program (`node --import`): it reaches this machine and no other, whatever it wants to report.
import { Socket } from 'node:net';

const { connect } = Socket.prototype;

Socket.prototype.connect = function connectToLoopback(...args) {
  const [target] = [args[0]].flat();
  const host = typeof target === 'object' ? target?.host : args[1];
  const isLocal = !host || typeof host !== 'string' || /^(?:localhost|127\.[\d.]+|::1)$/.test(host);
  if (isLocal) return connect.apply(this, args);
  queueMicrotask(() => this.destroy(new Error(`No network but loopback: ${host} is refused.`)));
  return this;
};
