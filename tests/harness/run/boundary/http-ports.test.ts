import { step } from 'shakedown'
import { fault, type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test, vi } from 'vitest'
import { serve } from '../../../support/http-server.ts'

/** Posts an order; three attempts with a virtual timeout on each that real I/O must never run into. */
const poster =
  (url: string) =>
  async (order: { id: number }, ports: Ports): Promise<unknown> => {
    for (let attempt = 1; ; attempt++) {
      try {
        const response = await Promise.race([
          ports.fetch(`${url}/orders?trace=1`, { method: 'POST', body: JSON.stringify(order) }),
          ports.clock.sleep(50).then(() => Promise.reject(new Error('timed out'))),
        ])
        if (!response.ok) throw new Error(`HTTP ${response.status}`)
        return await response.json()
      } catch (error) {
        if (attempt === 3) throw error
        await ports.clock.sleep(100)
      }
    }
  }

test('a real fetch reaches a real server, and virtual timeouts never overtake it', async () => {
  let bodies = 0
  await using server = await serve((request, response) => {
    bodies++
    request.resume().once('end', () => {
      // Several real turns late, in two pieces.
      setTimeout(() => {
        response.write('{"ok":')
        setTimeout(() => response.end('true}'), 5)
      }, 5)
    })
  })
  const plain = scenario('plain').subject(poster(server.url)).input({ id: 7 })
  for (let run = 0; run < 20; run++) {
    const verdict = await runScenario(
      plain.expect({
        status: 'completed',
        output: { ok: true },
        virtualMs: 0,
        calls: { 'http:POST /orders': 1 },
      }),
      { replay: false },
    )
    expect(verdict.problems).toEqual([])
  }
  expect(bodies).toBe(20)
})

test('an answer that is lost is one the server has given: a retry does the work twice', async () => {
  let orders = 0
  await using server = await serve((request, response) => {
    request.resume().once('end', () => {
      orders++
      response.end(JSON.stringify({ orders }))
    })
  })
  const lost = scenario('lost')
    .subject(poster(server.url))
    .input({ id: 7 })
    .on('http:POST /orders', fault.times(1).lose('reset').next.off())
    .expect({ status: 'completed', output: { orders: 2 }, virtualMs: 100 })
  expect((await runScenario(lost, { replay: false })).problems).toEqual([])
  expect(orders).toBe(2)
})

test('faults act on the calls they are scripted for, the rest is real', async () => {
  await using server = await serve((_, response) => response.end('{"ok":true}'))
  const flaky = scenario('two resets')
    .subject(poster(server.url))
    .input({ id: 7 })
    .on('http:POST /orders', fault.times(2).reset().next.off())
    .expect({ status: 'completed', calls: { 'http:POST /orders': 3 }, virtualMs: 200 })
  const verdict = await runScenario(flaky)
  expect(verdict.problems).toEqual([])
  expect(verdict.calls.map((call) => call.fault)).toEqual(['2*reset', '2*reset', null])
})

test('a point may be named by its whole URL, to tell servers apart', async () => {
  await using server = await serve((_, response) => response.end('{}'))
  const named = scenario('whole URL')
    .subject(poster(server.url))
    .input({ id: 7 })
    .on(`http:POST ${server.url}/orders`, '1*status(503) -> off')
  const verdict = await runScenario(named.expect({ status: 'completed', virtualMs: 100 }))
  expect(verdict.problems).toEqual([])
})

test('a point may name the query, and calls are expected by any name that means them', async () => {
  await using server = await serve((_, response) => response.end('{}'))
  const pages = async (_: unknown, ports: Ports): Promise<number[]> => {
    const statuses = []
    for (const page of [1, 2, 3])
      statuses.push((await ports.fetch(`${server.url}/items?size=10&page=${page}`)).status)
    return statuses
  }
  const paged = scenario('pages')
    .subject(pages)
    .input(null)
    .on('http:GET /items?page=2', 'status(503)')
    .expect({
      output: [200, 503, 200],
      calls: {
        'http:GET /items': 3,
        'http:* /items': 3,
        'http:GET /items?page=2': 1,
        'http:GET /items?page=4': 0,
        [`http:GET ${server.url}/items`]: 3,
        'http:POST /items': 0,
      },
      order: ['http:GET /items?page=1', 'http:GET /items', 'http:* /items'],
    })
  expect((await runScenario(paged)).problems).toEqual([])
  const wrong = paged.expect({ order: ['http:GET /items?page=2', 'http:GET /items', 'http:GET /items'] })
  expect((await runScenario(wrong)).problems).toMatchObject([
    { at: ['expect', 'order'], actual: ['http:GET /items', 'http:GET /items', 'http:GET /items'] },
  ])
})

test('a virtual timeout does fire while a fault lets virtual time pass', async () => {
  await using server = await serve((_, response) => response.end('{}'))
  const slow = scenario('slow')
    .subject(poster(server.url))
    .input({ id: 7 })
    .on('http:POST /orders', '1*delay(80) -> off')
  const verdict = await runScenario(slow.expect({ status: 'completed', virtualMs: 150 }))
  expect(verdict.problems).toEqual([])
})

test('an abort reaches the real request', async () => {
  let closed = 0
  await using server = await serve((request) => request.socket.once('close', () => closed++))
  const impatient = scenario('abort')
    .subject(async (_: unknown, ports: Ports) => {
      const controller = new AbortController()
      const answer = ports.fetch(`${server.url}/hang`, { signal: controller.signal })
      controller.abort(new Error('changed my mind'))
      return await answer
    })
    .input(null)
  const verdict = await runScenario(
    impatient.expect({ status: 'failed', error: { message: 'changed my mind' } }),
  )
  expect(verdict.problems).toEqual([])
})

test('a server that never answers is given up by the watchdog, by name', async () => {
  await using server = await serve(() => {})
  const stuck = scenario('stuck')
    .subject((_: unknown, ports: Ports) => ports.fetch(`${server.url}/hang`))
    .input(null)
    .expect({ status: 'completed' })
  const verdict = await runScenario(stuck, { watchdogMs: 50 })
  expect(verdict).toMatchObject({ ok: false, status: 'stalled', problems: [{ code: 'E_STALL' }] })
  expect(verdict.problems[0]?.message).toContain(`GET ${server.url}/hang`)
})

test('a response says where it came from, redirects included', async () => {
  await using server = await serve((request, response) => {
    if (request.url === '/old') response.writeHead(302, { location: '/new' })
    response.end('here')
  })
  const subject = async (_: unknown, ports: Ports): Promise<unknown[]> => {
    const { url, redirected } = await ports.fetch(`${server.url}/old`)
    return [url, redirected]
  }
  const moved = scenario('moved').subject(subject).input(null)
  expect((await runScenario(moved.expect({ output: [`${server.url}/new`, true] }))).problems).toEqual([])
})

test('a real response, and what is cloned of it, is as `fetch` gives it', async () => {
  await using server = await serve((_, response) => response.end('here'))
  const seenOf = (response: Response): (string | boolean)[] => [
    response.type,
    response.clone().type,
    response.clone().url,
    response.clone().clone().redirected,
  ]
  const bare = seenOf(await fetch(`${server.url}/orders`))
  const subject = async (_: unknown, ports: Ports): Promise<unknown> => {
    const response = await ports.fetch(`${server.url}/orders`)
    return [seenOf(response), await response.clone().text(), await response.text()]
  }
  const same = scenario('same').subject(subject).input(null)
  expect((await runScenario(same.expect({ output: [bare, 'here', 'here'] }))).problems).toEqual([])
})

test('real work that a port was told of is never overtaken by a virtual timeout', async () => {
  const turns = (left: number): Promise<string> =>
    new Promise((resolve) => {
      const turn = (): void => void (left-- > 0 ? setImmediate(turn) : resolve('done'))
      turn()
    })
  const subject = async (_: unknown, ports: Ports): Promise<string> => {
    const work = ports.fn('work', turns, { io: true })
    return await Promise.race([work(50), ports.clock.sleep(1).then(() => 'timed out')])
  }
  const pinned = scenario('pinned').subject(subject).input(null)
  expect((await runScenario(pinned.expect({ output: 'done', virtualMs: 0 }))).problems).toEqual([])
})

test('real I/O nobody was told of is waited for when nothing else is left to do', async () => {
  await using server = await serve((_, response) => void setTimeout(() => response.end('real'), 20))
  const untold = step('untold', async () => (await fetch(server.url)).text())
  const patient = scenario('untold').subject(untold).expect({ output: 'real', virtualMs: 0 })
  expect((await runScenario(patient)).problems).toEqual([])
})

test('real I/O nobody was told of that never ends is named by its kind, with what to do', async () => {
  await using server = await serve(() => {})
  const stuck = scenario('untold')
    .subject(step('untold', () => fetch(server.url)))
    .expect({ status: 'completed' })
  const { problems } = await runScenario(stuck, { watchdogMs: 50 })
  expect(problems).toMatchObject([{ code: 'E_STALL' }])
  expect(problems[0]?.message).toMatch(/Real work is still open.*: a TCP socket \(since 0 ms\), GET http/)
})

test('a slow answer on a new connection is waited for as long as the watchdog has patience', async () => {
  // Longer than a kept-alive connection is given the benefit of the doubt.
  await using server = await serve((_, response) => void setTimeout(() => response.end('slow'), 400))
  const slow = scenario('slow').subject(step('slow', async () => (await fetch(server.url)).text()))
  const verdict = await runScenario(slow.expect({ output: 'slow' }), { replay: false })
  expect(verdict.problems).toEqual([])
})

test('a request that meets no fault goes to the fetch that the test has put in place', async () => {
  const asked: string[] = []
  vi.stubGlobal('fetch', async ({ method, url }: Request) => {
    asked.push(`${method} ${url}`)
    return Response.json('from the stub')
  })
  try {
    const asks = scenario('asks')
      .subject(async (_: unknown, ports: Ports) => {
        await ports.fetch('http://api.test/orders').catch(() => undefined)
        return (await ports.fetch('http://api.test/orders')).json()
      })
      .on('http:GET /orders', '1*reset -> off')
      .expect({ output: 'from the stub', calls: { 'http:GET /orders': 2 } })
    expect((await runScenario(asks, { replay: false })).problems).toEqual([])
    expect(asked).toEqual(['GET http://api.test/orders'])
  } finally {
    vi.unstubAllGlobals()
  }
})
