/** In place of wrk where there is none: the same, in a process of its own. Arguments: url, connections, seconds. */
import { Agent, request } from 'node:http';
import { stamp, templates } from './bodies.ts';

const [url = '', connections = '64', seconds = '5'] = process.argv.slice(2);
const { STACKMEND_BENCH_COUNT, STACKMEND_BENCH_FIRST, STACKMEND_BENCH_ENCODING: encoding } = process.env;
const count = Number(STACKMEND_BENCH_COUNT);
const bodies = templates(encoding === 'gzip' ? 'gzip' : 'plain', 0, count, count);
const agent = new Agent({ keepAlive: true, maxSockets: Number(connections) });
const headers = encoding ? { 'Content-Encoding': encoding } : {};
const latencies: number[] = [];
let failed = 0;
let next = Number(STACKMEND_BENCH_FIRST);

function post(body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const req = request(
      url,
      { method: 'POST', agent, headers: { ...headers, 'Content-Length': body.byteLength } },
      (res) => {
        res.resume().on('end', () => resolve(res.statusCode ?? 0));
      },
    );
    req.on('error', reject).end(body);
  });
}

async function send(until: number): Promise<void> {
  while (performance.now() < until) {
    next += 1;
    const template = bodies[next % bodies.length];
    if (!template) throw new Error('There is nothing to send.');
    const start = performance.now();
    const status = await post(stamp(template, next)).catch(() => 0);
    latencies.push(performance.now() - start);
    if (status !== 200) failed += 1;
  }
}

const start = performance.now();
await Promise.all(Array.from({ length: Number(connections) }, () => send(start + Number(seconds) * 1_000)));
const took = (performance.now() - start) / 1_000;
latencies.sort((a, b) => a - b);
const p99 = latencies[Math.floor(latencies.length * 0.99)] ?? 0;
console.log(JSON.stringify({ answers: latencies.length, failed, seconds: took, p99 }));
agent.destroy();
