import type { IncomingMessage, ServerResponse } from 'node:http'
import { createEngine, createRegistry, httpAdapter, route, routeFacts } from 'shakedown'
import { runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { serve } from '../../support/http-server.ts'

interface Seen {
  readonly line: string
  readonly key: string | undefined
  readonly body: string
}

type Answer = readonly [status: number, body?: unknown, headers?: Record<string, string>]

/** A server that says what `answer` says to each request, and what it was asked. */
async function system(answer: (line: string, nth: number, response: ServerResponse) => Answer | undefined) {
  const seen: Seen[] = []
  const bodyOf = async (request: IncomingMessage): Promise<string> => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    return body
  }
  const server = await serve((request, response) => {
    void bodyOf(request).then((body) => {
      const line = `${request.method} ${request.url}`
      seen.push({ line, key: request.headers['idempotency-key'] as string | undefined, body })
      const answered = answer(line, seen.filter((each) => each.line === line).length, response)
      if (answered === undefined) return
      const [status, json, headers = {}] = answered
      response.writeHead(status, headers)
      response.end(json === undefined ? '' : typeof json === 'string' ? json : JSON.stringify(json))
    })
  })
  return { server, seen, lines: () => seen.map(({ line }) => line) }
}

const quick = { pollMs: 1, backoff: { baseMs: 1 } }
const asking = (url: string, more: object = {}, routing: object = {}) =>
  route('ask', {
    adapters: [
      httpAdapter<{ prompt: string }>({
        name: 'remote',
        url: `${url}/tasks/`,
        pollMs: quick.pollMs,
        ...more,
      }),
    ],
    backoff: quick.backoff,
    ...routing,
  })
const run = (node: ReturnType<typeof asking>) => createEngine().run(node, { prompt: 'tides' })

test('a task that is done at once is one request, with its key', async () => {
  const { server, seen } = await system(() => [200, { id: 1, status: 'completed', result: { text: 'done' } }])
  await using _ = server
  const result = await run(asking(server.url, { headers: { authorization: 'Bearer x' } }))
  expect(result).toMatchObject({ status: 'completed', output: { text: 'done' } })
  expect(seen).toMatchObject([
    { line: 'POST /tasks', body: '{"prompt":"tides"}', key: expect.stringMatching(/^[0-9a-f]{32}$/) },
  ])
})

test('a task that takes its time is asked for until it is done', async () => {
  const { server, lines } = await system((line, nth) =>
    line.startsWith('POST')
      ? [202, { id: 'a/b', status: 'queued' }]
      : [200, { id: 'a/b', status: nth < 3 ? 'RUNNING' : 'succeeded', result: 7 }],
  )
  await using _ = server
  expect((await run(asking(server.url))).output).toBe(7)
  expect(lines()).toEqual(['POST /tasks', ...Array.from({ length: 3 }, () => 'GET /tasks/a%2Fb')])
})

test('a task that failed is a soft failure, with the reason, and is retried with the same key', async () => {
  const { server, seen } = await system((_, nth) =>
    nth < 3 ? [200, { status: 'failed', error: { message: 'out of memory' } }] : [200, { result: 'ok' }],
  )
  await using _ = server
  const result = await run(asking(server.url))
  expect(routeFacts(result)).toMatchObject({
    result: 'ok',
    totalAttempts: 3,
    attempts: [{ error: 'out of memory' }, {}, {}],
  })
  expect(new Set(seen.map(({ key }) => key)).size).toBe(1)
})

test.for<[string, Answer, number, string]>([
  [
    'what is refused once is refused again',
    [400, 'no such prompt'],
    1,
    'was answered with 400: no such prompt',
  ],
  ['a server that is busy is asked again', [503], 3, 'was answered with 503'],
  ['an answer that is no JSON', [200, '<html>'], 3, 'Expected JSON of POST'],
  ['an answer of another shape', [200, { status: 5 }], 3, '{ id, status, result, error }; status:'],
  ['a status that nobody knows', [200, { status: 'hm' }], 3, 'expected one of pending'],
  ['a task without a name', [200, { status: 'running' }], 3, 'Expected an `id`'],
])('%s', async ([, answer, attempts, message]) => {
  const { server } = await system(() => answer)
  await using _ = server
  const result = await run(asking(server.url))
  expect(result).toMatchObject({ status: 'failed', attempts })
  expect(result.feedback).toContain(message)
})

/** A machine that does much else takes a hundred milliseconds for the first request. */
const TIMEOUT_MS = 500

test('a timeout cancels the task on the server, and the next attempt has a key of its own', async () => {
  const { server, seen, lines } = await system((line, nth) => {
    if (line.startsWith('DELETE')) return [204]
    if (line.startsWith('GET')) return [200, { id: 'x', status: 'running' }]
    return nth === 1 ? [202, { id: 'x', status: 'running' }] : [200, { result: 'second' }]
  })
  await using _ = server
  const result = await run(asking(server.url, { pollMs: 10_000 }, { timeoutMs: TIMEOUT_MS }))
  expect(result).toMatchObject({ output: 'second', attempts: 2 })
  expect(lines()).toEqual(['POST /tasks', 'DELETE /tasks/x', 'POST /tasks'])
  const [first, , second] = seen
  expect(second?.key).toBe(`${first?.key}-2`)
})

test('where cancelling fails the work may be going on, and the key still leads to it', async () => {
  const { server, seen } = await system((line, nth) => {
    if (line.startsWith('DELETE')) return [500]
    return nth === 1 ? [202, { id: 'x', status: 'running' }] : [200, { result: 'second' }]
  })
  await using _ = server
  await run(asking(server.url, { pollMs: 10_000 }, { timeoutMs: TIMEOUT_MS }))
  expect(new Set(seen.flatMap(({ key }) => key ?? [])).size).toBe(1)
})

test('an abort of the run cancels the task', async () => {
  const controller = new AbortController()
  const { server, lines } = await system((line) => {
    if (line.startsWith('GET')) controller.abort(new Error('gone'))
    return line.startsWith('DELETE') ? [404] : [202, { id: 'x', status: 'running' }]
  })
  await using _ = server
  const result = await createEngine().run(
    asking(server.url),
    { prompt: 'tides' },
    { signal: controller.signal },
  )
  expect(result.status).toBe('cancelled')
  await expect.poll(lines).toContain('DELETE /tasks/x')
})

test('the health of a system is an address that answers', async () => {
  let well = false
  const { server, lines } = await system((line) =>
    line === 'GET /health' ? [well ? 200 : 503] : [200, { result: 1 }],
  )
  await using _ = server
  const remote = httpAdapter({
    name: 'remote',
    url: `${server.url}/tasks`,
    healthUrl: `${server.url}/health`,
  })
  const ask = () =>
    createEngine().run(route('ask', { adapters: createRegistry([remote], { health: true }) }), {})
  expect((await ask()).feedback).toMatch(/unhealthy: its health check failed: GET .* was answered with 503/)
  well = true
  expect((await ask()).output).toBe(1)
  expect(lines()).toEqual(['GET /health', 'GET /health', 'POST /tasks'])
})

test('wrong options are told all at once', () => {
  const wrong = { name: 'x', url: 'ftp://x', pollMs: -1, heders: {} }
  expect(() => httpAdapter(wrong)).toThrow(/http or https[\s\S]*pollMs[\s\S]*Did you mean `headers`/)
})

const remote = httpAdapter({ name: 'remote', url: 'http://tasks.example/tasks', pollMs: 500 })
const scripted = scenario('an adapter over HTTP')
  .subject(route('ask', { adapters: [remote] }))
  .input({ prompt: 'tides' })
  .http('nock')

test('scripted answers: Retry-After of one that is not done yet lengthens the wait for the next question', async () => {
  const { problems } = await runScenario(
    scripted
      .on('http:POST /tasks', 'status(202, retry-after=3, body={"id":"x","status":"running"})')
      .on('http:GET /tasks/x', 'status(200, body={"status":"running"}) -> status(200, body={"result":9})')
      .expect({ status: 'completed', output: 9, virtualMs: 3_500, calls: { 'adapter:remote': 1 } }),
  )
  expect(problems).toEqual([])
})

test('scripted answers: Retry-After of a refusal lengthens the wait for the next attempt, and a reset is ridden out', async () => {
  const { problems } = await runScenario(
    scripted
      .on('http:POST /tasks', 'status(429, retry-after=2) -> reset -> status(200, body={"result":9})')
      .expect({ status: 'completed', output: 9, virtualMs: 2_200, attempts: { remote: 3 } }),
  )
  expect(problems).toEqual([])
})

test('scripted answers: an answer that is lost is asked for with the same key', async () => {
  const { problems } = await runScenario(
    scripted.on('http:POST /tasks', 'reset -> truncatedJson -> status(200, body={"result":9})').expect({
      status: 'completed',
      output: 9,
      calls: { 'http:POST /tasks': { count: 3, headers: { 'idempotency-key': 'same' } } },
    }),
  )
  expect(problems).toEqual([])
})
