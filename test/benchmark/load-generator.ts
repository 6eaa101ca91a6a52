/** In place of wrk where there is none: the same, in a process of its own. Arguments: url, connections, seconds. */
import { readdirSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';

const [url = '', connections = '64', seconds = '5'] = process.argv.slice(2);
const folder = process.env['STACKMEND_BENCH_BODIES'] ?? '';
const encoding = process.env['STACKMEND_BENCH_ENCODING'];
const bodies = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
const agent = new Agent({ keepAlive: true, maxSockets: Number(connections) });
const headers = encoding ? { 'Content-Encoding': encoding } : {};
const latencies: number[] = [];
let failed = 0;
let next = 0;

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
    const start = performance.now();
    const status = await post(bodies[next++ % bodies.length] ?? Buffer.alloc(0)).catch(() => 0);
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
