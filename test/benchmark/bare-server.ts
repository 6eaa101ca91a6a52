/** The measure: a server that reads, unpacks and JSON-parses an envelope, in memory, and does nothing else. */
import { createServer, type IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';

function parse(body: Buffer): unknown {
  const text = body.toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}

function read(req: IncomingMessage, done: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () => done(Buffer.concat(chunks)));
}

const server = createServer((req, res) => {
  read(req, (body) => {
    parse(req.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body);
    res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 2 }).end('{}');
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(JSON.stringify({ port: typeof address === 'object' ? address?.port : null }));
});
