import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A model server that speaks OpenAI's wire format over loopback, and fails in every way that we know. The scenario is
 * the model's name where that is one, else what `scenario()` set, else `words`.
 *
 *   node test/fake-model.ts 11435      then OPENAI_BASE_URL=http://127.0.0.1:11435/v1 OPENAI_MODEL=slow npm start
 */
export type FakeModel = {
  /** With `/v1`, as `OPENAI_BASE_URL` takes it. */
  baseUrl: string;
  requests: FakeRequest[];
  scenario: (name: ScenarioName) => void;
  /** What the answering scenarios say, in pieces of a few letters. */
  answer: (text: string) => void;
  close: () => Promise<void>;
};

export type FakeRequest = {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  /** As it came. */
  text: string;
  /** Of a chat completion; empty when there were none. */
  messages: { role: string; content: string }[];
  model: string;
  /** Did the client leave before the answer was complete? */
  isAborted: boolean;
};

type Reply = { request: FakeRequest; response: ServerResponse; answer: string };

const ANSWER = `## Problem

\`charge\` is called with a negative amount, and raises.

## Root cause

The caller passes the refund's amount as it is, which is negative by convention.

## Fix

\`\`\`diff
--- a/app/api.py
+++ b/app/api.py
@@ -18 +18 @@
-    charge(order, refund.amount)
+    charge(order, abs(refund.amount))
\`\`\`

## Verify

Add a test that refunds an order, and run it.

## Confidence

Medium: the caller of \`pay\` is not in the event.
`;

const SCENARIOS = {
  words: async ({ response, answer, request }) => {
    startStream(response);
    sendChunk(response, request.model, { role: 'assistant', content: '' });
    for (const piece of piecesOf(answer)) {
      sendChunk(response, request.model, { content: piece });
      await sleep(2);
    }
    finish(response, request.model, 'stop');
  },
  /** Four seconds of answer, for looking at the panel. */
  slow: async ({ response, answer, request }) => {
    startStream(response);
    const pieces = piecesOf(answer);
    for (const piece of pieces) {
      sendChunk(response, request.model, { content: piece });
      await sleep(4000 / pieces.length);
    }
    finish(response, request.model, 'stop');
  },
  'slow-first-byte': async (reply) => {
    await sleep(1500);
    await SCENARIOS.words(reply);
  },
  /** The request is taken, and never answered. */
  hang: async () => {},
  /** Two words, and then nothing. */
  stall: async ({ response, request }) => {
    startStream(response);
    sendChunk(response, request.model, { content: 'The cause' });
    sendChunk(response, request.model, { content: ' is' });
  },
  /** The connection breaks midway. */
  cut: async ({ response, request }) => {
    await SCENARIOS.stall({ response, request, answer: '' });
    await sleep(20);
    response.destroy();
  },
  /** The stream ends in good order, with neither a reason nor the closing mark. */
  'ends-early': async ({ response, request }) => {
    await SCENARIOS.stall({ response, request, answer: '' });
    response.end();
  },
  length: async ({ response, request }) => {
    await SCENARIOS.stall({ response, request, answer: '' });
    finish(response, request.model, 'length');
  },
  refusal: async ({ response, request }) => {
    startStream(response);
    sendChunk(response, request.model, { refusal: "I'm sorry, I can't help with that." });
    finish(response, request.model, 'stop');
  },
  'content-filter': async ({ response, request }) => {
    startStream(response);
    finish(response, request.model, 'content_filter');
  },
  /** Chunks without choices, as vLLM and Azure send them, and comments that keep the connection open. */
  'no-choices': async ({ response, answer, request }) => {
    startStream(response);
    send(response, { id: 'chatcmpl-fake', object: 'chat.completion.chunk', choices: [], prompt_filter_results: [] });
    response.write(': keep-alive\n\n');
    sendChunk(response, request.model, { content: answer });
    sendChunk(response, request.model, {}, 'stop');
    send(response, { object: 'chat.completion.chunk', choices: [], usage: { prompt_tokens: 3, completion_tokens: 5 } });
    response.end('data: [DONE]\n\n');
  },
  reasoning: async ({ response, answer, request }) => {
    startStream(response);
    sendChunk(response, request.model, { reasoning: 'SECRET THOUGHT ' });
    sendChunk(response, request.model, { reasoning_content: 'SECRET THOUGHT ', content: null });
    sendChunk(response, request.model, { content: answer });
    finish(response, request.model, 'stop');
  },
  'done-only': async ({ response, answer, request }) => {
    startStream(response);
    sendChunk(response, request.model, { content: answer });
    response.end('data: [DONE]\n\n');
  },
  /** A server that does not stream. */
  whole: async ({ response, answer, request }) =>
    sendJson(response, 200, {
      object: 'chat.completion',
      model: request.model,
      choices: [{ index: 0, message: { role: 'assistant', content: answer }, finish_reason: 'stop' }],
    }),
  empty: async ({ response, request }) => {
    startStream(response);
    finish(response, request.model, 'stop');
  },
  garbage: async ({ response }) => {
    startStream(response);
    response.end('data: {"choices": [{"delta"\n\n');
  },
  html: async ({ response }) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>It works!</h1>');
  },
  'error-midway': async ({ response, request }) => {
    await SCENARIOS.stall({ response, request, answer: '' });
    send(response, { error: { message: 'CUDA out of memory', type: 'server_error' } });
    response.end();
  },
  unauthorized: async ({ response, request }) =>
    sendError(response, 401, `Incorrect API key provided: ${request.headers.authorization}`),
  /** What it says of the fault is the event, with the key that came with it. */
  'echo-error': async ({ response, request }) =>
    sendError(response, 422, `Invalid request: ${request.headers.authorization} ${request.messages.at(-1)?.content}`),
  /** The same midway, as routers pass on what the server behind them says. */
  'echo-midway': async ({ response, request }) => {
    await SCENARIOS.stall({ response, request, answer: '' });
    send(response, {
      error: { message: `${request.headers.authorization} ${request.messages.at(-1)?.content}`, code: 500 },
    });
    response.end();
  },
  'rate-limited': async ({ response }) => sendError(response, 429, 'Rate limit reached', { 'retry-after': '7' }),
  'server-error': async ({ response }) => sendError(response, 500, 'The server had an error'),
  'unknown-model': async ({ response }) => sendError(response, 404, 'The model does not exist'),
  'too-long': async ({ response }) => sendError(response, 413, 'Payload too large'),
  redirect: async ({ response }) => {
    response.writeHead(307, { location: 'http://127.0.0.1:9/v1/chat/completions' }).end();
  },
} satisfies Record<string, (reply: Reply) => Promise<void>>;

export type ScenarioName = keyof typeof SCENARIOS;

const isScenario = (name: string): name is ScenarioName => Object.hasOwn(SCENARIOS, name);

/** @param port of 127.0.0.1; 0 takes a free one */
export async function startFakeModel(port = 0): Promise<FakeModel> {
  const requests: FakeRequest[] = [];
  let current: ScenarioName = 'words';
  let answer = ANSWER;

  const server = createServer((incoming, response) => {
    void readRequest(incoming).then(async (request) => {
      requests.push(request);
      response.on('close', () => {
        request.isAborted = !response.writableEnded;
      });
      if (!request.path.endsWith('/chat/completions')) return sendError(response, 404, `Unknown path ${request.path}`);
      const name = isScenario(request.model) ? request.model : current;
      await SCENARIOS[name]({ request, response, answer });
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The fake model has no port.');

  return {
    baseUrl: `http://127.0.0.1:${address.port}/v1`,
    requests,
    scenario: (name) => {
      current = name;
    },
    answer: (text) => {
      answer = text;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readRequest(incoming: IncomingMessage): Promise<FakeRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const body = text.startsWith('{') ? JSON.parse(text) : {};
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: incoming.headers,
    text,
    messages: body.messages ?? [],
    model: body.model ?? '',
    isAborted: false,
  };
}

/** A few letters each, as tokens are; a surrogate pair stays whole. */
const piecesOf = (text: string) => text.match(/[\s\S]{1,6}(?![\uDC00-\uDFFF])/g) ?? [];

function startStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
}

function sendChunk(response: ServerResponse, model: string, delta: object, finishReason: string | null = null): void {
  const choices = [{ index: 0, delta, finish_reason: finishReason }];
  send(response, { id: 'chatcmpl-fake', object: 'chat.completion.chunk', created: 1_700_000_000, model, choices });
}

function finish(response: ServerResponse, model: string, reason: string): void {
  sendChunk(response, model, {}, reason);
  response.end('data: [DONE]\n\n');
}

function send(response: ServerResponse, value: object): void {
  response.write(`data: ${JSON.stringify(value)}\n\n`);
}

function sendJson(response: ServerResponse, status: number, value: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
}

function sendError(response: ServerResponse, status: number, message: string, headers?: Record<string, string>): void {
  sendJson(response, status, { error: { message, type: 'fake', param: null, code: null } }, headers);
}

if (import.meta.main) {
  const fake = await startFakeModel(Number(process.argv[2] ?? 0));
  console.log(`OPENAI_BASE_URL=${fake.baseUrl}\nScenarios, by model name: ${Object.keys(SCENARIOS).join(', ')}`);
}
