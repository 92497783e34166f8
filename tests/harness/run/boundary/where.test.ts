import {
  fault,
  type Ports,
  printPointPattern,
  parsePointPattern,
  runScenario,
  scenario,
} from 'shakedown/harness'
import { expect, test } from 'vitest'
import { serve } from '../../../support/http-server.ts'

interface Query {
  readonly connection: number
  readonly sql: string
}

/** Asks over several connections and tells which of them answered. */
const asking = (queries: readonly Query[]) =>
  scenario('asks')
    .subject(async (_: unknown, ports: Ports) => {
      const query = ports.fn('query', async (asked: Query, _rows: number) => asked.connection)
      const answers = []
      for (const asked of queries) answers.push(await query(asked, 10).catch(() => 'dead'))
      return answers
    })
    .input(null)

const onConnections = (...ids: number[]): Query[] =>
  ids.map((connection) => ({ connection, sql: 'select 1' }))

test.for<[string, string, (string | number)[]]>([
  ['fn:query where {"connection":2}', 'reject(ECONNRESET)', [1, 'dead', 3, 'dead', 1]],
  ['fn:query where [{"connection":2},10]', 'reject(ECONNRESET)', [1, 'dead', 3, 'dead', 1]],
  ['fn:query where 10', '1*reject -> off', ['dead', 2, 3, 2, 1]],
  ['fn:query#2 where {"connection":2}', 'reject', [1, 2, 3, 'dead', 1]],
  ['fn:query where {"connection":2}', '1*reject -> off', [1, 'dead', 3, 2, 1]],
  ['fn:query where {"connection":2}', 'sticky*reject', [1, 'dead', 'dead', 'dead', 'dead']],
])('%s: %s meets only the calls that have this', async ([point, program, output]) => {
  const some = asking(onConnections(1, 2, 3, 2, 1)).on(point, program)
  expect((await runScenario(some.expect({ output }))).problems).toEqual([])
})

/** As clients of clouds have them: what is asked is in an instance of a class. */
class PutCommand {
  readonly input: { readonly bucket: string; readonly sql: string }

  constructor(bucket: string) {
    this.input = { bucket, sql: `insert into ${bucket}` }
  }
}

test.for(['where {"input":{"bucket":"b"}}', 'where {"input":{"sql":{"contains":"into b"}}}'])(
  '%s means by what an argument holds, by the rule of outputMatches',
  async (where) => {
    const put = async (_: unknown, ports: Ports): Promise<unknown[]> => {
      const send = ports.fn('send', async ({ input }: PutCommand) => input.bucket)
      return Promise.all(['a', 'b'].map((bucket) => send(new PutCommand(bucket)).catch(() => 'dead')))
    }
    const some = scenario('puts').subject(put).input(null).on(`fn:send ${where}`, 'reject')
    expect((await runScenario(some.expect({ output: ['a', 'dead'] }))).problems).toEqual([])
  },
)

test('a fault for some arguments wins over one for all, and both count their calls', async () => {
  const both = asking(onConnections(1, 2, 1, 2))
    .on('fn:query', 'off -> return("other") -> off')
    .on('fn:query where {"connection":2}', '1*reject -> off')
    .expect({
      output: [1, 'dead', 'other', 2],
      calls: { 'fn:query': 4, 'fn:query where {"connection":2}': 2, 'fn:query where {"connection":9}': 0 },
    })
  expect((await runScenario(both)).problems).toEqual([])
})

test('one that no call meets is vacuous', async () => {
  const never = asking(onConnections(1)).on('fn:query where {"connection":7}', fault.reject())
  expect((await runScenario(never)).problems).toMatchObject([
    { code: 'E_VACUOUS', at: ['faults', 'fn:query where {"connection":7}'] },
  ])
})

test.for<[string, (string | number)[]]>([
  ['http:POST /orders where {"body":{"id":2}}', [200, 503, 200]],
  ['http:* /orders where {"headers":{"Idempotency-Key":"k3"}}', [200, 200, 503]],
  ['http:POST /orders where {"query":{"page":1},"body":{"id":1}}', [503, 200, 200]],
])('%s means some requests only', async ([point, output]) => {
  const send = async (_: unknown, ports: Ports): Promise<number[]> => {
    const statuses = []
    for (const id of [1, 2, 3]) {
      const url = `http://api.test/orders?page=${id}`
      const headers = { 'idempotency-key': `k${id}` }
      const { status } = await ports.fetch(url, {
        method: 'POST',
        headers,
        body: JSON.stringify({ id, at: 1 }),
      })
      statuses.push(status)
    }
    return statuses
  }
  const some = scenario('some').subject(send).input(null).on('http:POST /orders', 'inf*status(200)')
  expect((await runScenario(some.on(point, 'status(503)').expect({ output }))).problems).toEqual([])
})

test.for<[string, (string | number)[]]>([
  ['{"tag":["a","b"]}', [503, 200, 200]],
  ['{"tag":["b"]}', [200, 503, 200]],
  ['{"tag":"a"}', [503, 200, 503]],
  ['{"tag":{"matches":"^b"}}', [503, 503, 200]],
  ['{"page":[1,2]}', [200, 200, 503]],
])(
  'of a repeated parameter where {"query":%s} means all by a list, and any by a text',
  async ([query, output]) => {
    const send = async (_: unknown, ports: Ports): Promise<number[]> => {
      const queries = ['tag=a&tag=b', 'tag=b', 'tag=c&page=1&tag=a&page=2']
      return Promise.all(
        queries.map(async (each) => (await ports.fetch(`http://api.test/items?${each}`)).status),
      )
    }
    const some = scenario('tags')
      .subject(send)
      .input(null)
      .on('http:GET /items', 'inf*status(200)')
      .on(`http:GET /items where {"query":${query}}`, 'inf*status(503)')
    expect((await runScenario(some.expect({ output }))).problems).toEqual([])
  },
)

test('the body of a request is seen below any client, too', async () => {
  const send = async (): Promise<number[]> => {
    const statuses = []
    for (const id of [1, 2]) {
      const { status } = await fetch('http://api.test/orders', {
        method: 'POST',
        body: JSON.stringify({ id }),
      })
      statuses.push(status)
    }
    return statuses
  }
  const some = scenario('below')
    .subject(send)
    .input(null)
    .http('nock')
    .on('http:POST /orders', 'inf*status(200)')
    .on('http:POST /orders where {"body":{"id":2}}', 'status(503)')
    .expect({ output: [200, 503] })
  expect((await runScenario(some)).problems).toEqual([])
})

test.for<[string, (url: string) => [string | Request, RequestInit?]]>([
  ['a Request', (url) => [new Request(url, { method: 'POST', body: '{"id":2}' })]],
  ['a Buffer', (url) => [url, { method: 'POST', body: Buffer.from('{"id":2}') }]],
  ['a Blob', (url) => [url, { method: 'POST', body: new Blob(['{"id":2}']) }]],
  ['a stream', (url) => [url, { method: 'POST', body: new Blob(['{"id":2}']).stream(), duplex: 'half' }]],
])('the body of %s is seen, and no virtual time overtakes it', async ([_name, given]) => {
  const send = async (_: unknown, ports: Ports): Promise<unknown> =>
    Promise.race([
      ports.fetch(...given('http://api.test/orders')).then(({ status }) => status),
      ports.clock.sleep(10).then(() => 'overtaken'),
    ])
  const some = scenario('some')
    .subject(send)
    .input(null)
    .on('http:POST /orders where {"body":{"id":2}}', 'status(503)')
  expect((await runScenario(some.expect({ output: 503, virtualMs: 0 }))).problems).toEqual([])
})

test('a body that is read for `where` reaches the server whole', async () => {
  await using server = await serve((request, response) => void request.pipe(response))
  const echo = async (_: unknown, ports: Ports): Promise<string> => {
    const request = new Request(server.url, { method: 'POST', body: new Blob(['{"id":2}']) })
    return (await ports.fetch(request)).text()
  }
  const whole = scenario('echo').subject(echo).input(null).expect({ output: '{"id":2}' })
  expect((await runScenario(whole)).problems).toEqual([])
})

test.for<[string, Record<string, string>, string]>([
  ['42', {}, 'http:POST /n where {"body":"42"}'],
  ['42', { 'content-type': 'application/json' }, 'http:POST /n where {"body":42}'],
  ['true', { 'content-type': 'application/problem+json; charset=utf-8' }, 'http:POST /n where {"body":true}'],
  ['[1]', { 'content-type': 'text/plain' }, 'http:POST /n where {"body":[1]}'],
  ['{half', {}, 'http:POST /n where {"body":"{half"}'],
])('the body %s with %j is what %s means', async ([body, headers, point]) => {
  const send = async (_: unknown, ports: Ports): Promise<number> =>
    (await ports.fetch('http://api.test/n', { method: 'POST', body, headers })).status
  const some = scenario('some').subject(send).input(null).on(point, 'status(503)')
  expect((await runScenario(some.expect({ output: 503 }))).problems).toEqual([])
})

test.each([
  ['fn:save where  {"id": 7}', 'fn:save where {"id":7}'],
  ['http:post /orders#2 where {"body":{"a":"#1"}}', 'http:POST /orders#2 where {"body":{"a":"#1"}}'],
  ['step:draft where "tides"', 'step:draft where "tides"'],
  ['step:draft where -1.5e3 ', 'step:draft where -1500'],
  ['step:decide where to send', 'step:decide where to send'],
  ['step:decide where to send#2 where {"id":7}', 'step:decide where to send#2 where {"id":7}'],
  ['fn:tell where true north is', 'fn:tell where true north is'],
])('%s is %s', (written, printed) => {
  expect(printPointPattern(parsePointPattern(written))).toBe(printed)
})

test.each([
  ['fn:save where {"id":', 'a JSON value'],
  ['fn:save where {} more', 'nothing after the JSON of `where`'],
  ['http:GET /a where {"boddy":1}', 'an object with any of query, headers, body after `where`'],
  ['fn:save where {"id":{"matches":"("}}', 'Expected `id.matches` of `where` to be a regular expression'],
  [
    'fn:save where {"id":{"contains":""}}',
    'Expected `id.contains` of `where` to be text or a list of texts, none of them empty',
  ],
  ['http:GET /a where 7', 'an object with any of query, headers, body after `where`'],
])('%s is refused', (written, expected) => {
  expect(() => parsePointPattern(written)).toThrow(expected)
})
