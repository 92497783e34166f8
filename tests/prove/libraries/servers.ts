import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTcpServer, type Server as TcpServer } from 'node:net'

// Captured at import: while a scenario runs, the global ones may be virtual, and the other side of a wire has its own time.
const realTimeout = setTimeout

/** What runs beside the subjects, started before any scenario; it keeps its connections open. */
export interface Servers {
  /** `http://127.0.0.1:PORT`, without a slash at its end. */
  readonly origin: string
  readonly echoPort: number
  /** The server itself, for who wants to upgrade connections. */
  readonly http: Server
}

let servers: Servers | undefined

/** The servers that were started. */
export function started(): Servers {
  if (servers === undefined) throw new Error('Expected the servers to be started first.')
  return servers
}

/** Starts an HTTP server that behaves as its path says, and an echo over TCP. Returns what stops them. */
export async function startServers(): Promise<() => void> {
  const http = createServer((request, response) => void answer(request, response))
  const echo = createTcpServer((socket) => {
    socket.on('error', () => {})
    socket.pipe(socket)
  })
  const [httpPort, echoPort] = await Promise.all([listening(http), listening(echo)])
  servers = { origin: `http://127.0.0.1:${httpPort}`, echoPort, http }
  return () => {
    servers = undefined
    http.close()
    http.closeAllConnections()
    echo.close()
  }
}

function listening(server: Server | TcpServer): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
}

/** The ids whose first request was spoilt. */
const spoilt = new Set<string>()

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  request.resume()
  const [, route = '', id = ''] = (request.url ?? '/').split(/[/?]/)
  if (route === 'busy' && isFirst(id)) json(response, 503, { error: 'busy' })
  else if (route === 'reset' && isFirst(id)) request.socket.resetAndDestroy()
  else if (route === 'slow') await inPieces(response, ['[1', ',2', ',3]'])
  else if (route === 'chat') await chat(request, response)
  else if (route === 'messages') await messages(request, response)
  else json(response, 200, { answer: 'done' })
}

function isFirst(id: string): boolean {
  if (spoilt.has(id)) return false
  spoilt.add(id)
  return true
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** Real milliseconds between two pieces. */
const BETWEEN_MS = 2

async function inPieces(
  response: ServerResponse,
  pieces: readonly string[],
  type = 'application/json',
): Promise<void> {
  response.writeHead(200, { 'content-type': type })
  for (const piece of pieces) {
    response.write(piece)
    await new Promise<void>((resolve) => realTimeout(resolve, BETWEEN_MS))
  }
  response.end()
}

const WORDS = ['The', ' tide', ' turns', '.']

/** A chat completion as OpenAI's API gives it, whole or as server-sent events. */
async function chat(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const base = { id: 'chatcmpl-1', created: 1, model: 'a-model' }
  if ((request.url ?? '').endsWith('/whole/chat/completions')) {
    const message = { role: 'assistant', content: WORDS.join('') }
    const usage = { prompt_tokens: 1, completion_tokens: 4, total_tokens: 5 }
    json(response, 200, {
      ...base,
      object: 'chat.completion',
      choices: [{ index: 0, message, finish_reason: 'stop' }],
      usage,
    })
    return
  }
  const chunk = (delta: object, finish: string | null): string =>
    `data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`
  const pieces = [...WORDS.map((content) => chunk({ content }, null)), chunk({}, 'stop'), 'data: [DONE]\n\n']
  await inPieces(response, pieces, 'text/event-stream')
}

/** A message as Anthropic's API gives it, whole or as server-sent events. */
async function messages(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const usage = { input_tokens: 1, output_tokens: 4 }
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'a-model', stop_sequence: null }
  if ((request.url ?? '').includes('/whole/')) {
    const content = [{ type: 'text', text: WORDS.join('') }]
    json(response, 200, { ...message, content, stop_reason: 'end_turn', usage })
    return
  }
  const event = (type: string, data: object): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`
  const pieces = [
    event('message_start', { message: { ...message, content: [], stop_reason: null, usage } }),
    event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    ...WORDS.map((text) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } })),
    event('content_block_stop', { index: 0 }),
    event('message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage }),
    event('message_stop', {}),
  ]
  await inPieces(response, pieces, 'text/event-stream')
}
