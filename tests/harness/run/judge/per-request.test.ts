import { type NumberMatcher, type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'

test('calls for each request are bounded however many callers there are (oracle 20)', async () => {
  const retrying = (tries: number) =>
    scenario('retries')
      .subject(async (_: unknown, ports: Ports) => {
        const ask = ports.fn('ask', async () => {})
        for (let each = 1; each <= tries; each++) await ask().catch(() => {})
      })
      .input(null)
      .on('fn:ask', 'inf*reject')
      .expect({ calls: { 'fn:ask': { perRequest: { max: 3 } } } })
  const told = async (built: Parameters<typeof runScenario>[0]) =>
    (await runScenario(built)).problems.map(({ message }) => message)
  expect(await told(retrying(3))).toEqual([])
  expect(await told(retrying(3).callers(10))).toEqual([])
  expect(await told(retrying(4).callers(10))).toEqual([
    'Expected calls.fn:ask.perRequest to be {"max":3}, got 4. Caller 1 made 4 of 40 calls for 10 requests.',
  ])
  expect(await told(retrying(4))).toEqual([expect.stringContaining('4 calls for 1 request.')])
})

test('of calls for each request no caller hides behind the others (oracle 20)', async () => {
  let tries = [9, 1, 1, 1]
  const uneven = (perRequest: NumberMatcher) =>
    scenario('uneven')
      .subject(async (_: unknown, ports: Ports) => {
        const ask = ports.fn('ask', async () => {})
        for (let each = tries.shift() ?? 0; each > 0; each--) await ask()
      })
      .input(null)
      .callers(4)
      .expect({ calls: { 'fn:ask': { perRequest } } })
  const told = async (counts: readonly number[], perRequest: NumberMatcher) => {
    tries = [...counts]
    const { problems } = await runScenario(uneven(perRequest), { replay: false })
    return problems.map(({ message }) => message)
  }
  expect(await told([9, 1, 1, 1], { max: 3 })).toEqual([
    'Expected calls.fn:ask.perRequest to be {"max":3}, got 9. Caller 1 made 9 of 12 calls for 4 requests.',
  ])
  expect(await told([3, 3, 1, 3], { min: 2 })).toEqual([
    expect.stringContaining('Caller 3 made 1 of 10 calls'),
  ])
  expect(await told([3, 1, 2, 3], { max: 3 })).toEqual([])
})

test('requests that meet no ports of their caller are counted by their mean (oracle 20)', async () => {
  const sharing = (tries: number) => {
    let shared: (() => Promise<void>) | undefined
    return scenario('shares a client')
      .subject(async (_: unknown, ports: Ports) => {
        const ask = (shared ??= ports.fn('ask', async () => {}))
        for (let each = 1; each <= tries; each++) await ask()
      })
      .input(null)
      .callers(4)
      .expect({ calls: { 'fn:ask': { perRequest: { max: 3 } } } })
  }
  expect((await runScenario(sharing(3), { replay: false })).problems).toEqual([])
  expect((await runScenario(sharing(4), { replay: false })).problems.map(({ message }) => message)).toEqual([
    expect.stringContaining(
      'got 4. 16 calls for 4 requests: the mean, since not every caller made one with its own ports.',
    ),
  ])
})

test('requests by `ports.fetch`, and connections, are counted for their caller (oracle 20)', async () => {
  const tries = [5, 1]
  const asking = scenario('asks')
    .subject(async (_: unknown, ports: Ports) => {
      for (let each = tries.shift() ?? 0; each > 0; each--) {
        await ports.fetch('http://shop.example/').then((response) => response.text())
        ports.events('news').close()
      }
    })
    .input(null)
    .callers(2)
    .on('http:GET /', 'inf*status(200)')
    .on('events:news', 'inf*push([])')
    .expect({
      calls: { 'http:GET /': { perRequest: { max: 3 } }, 'events:news': { perRequest: { max: 3 } } },
    })
  const { problems } = await runScenario(asking, { replay: false })
  expect(problems.map(({ message }) => message)).toEqual([
    expect.stringContaining('Caller 1 made 5 of 6 calls for 2 requests.'),
    expect.stringContaining('Caller 1 made 5 of 6 calls for 2 requests.'),
  ])
})
