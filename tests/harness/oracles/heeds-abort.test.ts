import { fault, type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { heedsAbort } from '../../../harness/oracles/heeds-abort.ts'
import { judge } from './evidence.ts'

test('to clean up when the caller leaves is right: a lease is released, a step undone', async () => {
  const leased = scenario('leased')
    .subject(async (_: unknown, ports: Ports) => {
      const renew = ports.fn('renew', async () => {})
      const release = ports.fn('release', async () => {})
      try {
        for (;;) {
          ports.signal.throwIfAborted()
          await renew()
          await ports.clock.sleep(100, ports.signal)
        }
      } finally {
        await release()
      }
    })
    .on('fn:release', fault.delay(20))
    .abort(150)
    .expect({ status: 'cancelled', calls: { 'fn:renew': 2, 'fn:release': 1 }, virtualMs: 170 })
  expect((await runScenario(leased)).problems).toEqual([])
})

/** Refreshes what it gave, also when its caller has left. */
const refreshing = scenario('refreshes')
  .subject(async (_: unknown, ports: Ports) => {
    const load = ports.fn('load', async () => 'fresh')
    await load()
    void ports.clock.sleep(100).then(() => load())
    await ports.clock.sleep(50, ports.signal)
  })
  .abort(20)

test('work that goes on in the background may do so when the caller has left', async () => {
  expect((await runScenario(refreshing.background())).problems).toEqual([])
  const { problems } = await runScenario(refreshing)
  expect(problems.map(({ oracle }) => oracle)).toEqual(['no-orphans', 'heeds-abort'])
})

test('a call that was under way when the caller left may fail by itself, later, and its error is the truth', async () => {
  const fails = (error: string) =>
    scenario('fails')
      .subject(async (_: unknown, ports: Ports) => {
        await ports.fn('save', async () => 'saved')()
        throw new Error('unreachable')
      })
      .on('fn:save', error)
      .abort(50)
      .expect({ status: 'failed', error: { message: 'disk full' } })
  expect((await runScenario(fails('lateReject(80, "disk full")'))).problems).toEqual([])
  const renamed = await runScenario(
    fails('delay(40)@20').expect({ status: 'failed', error: { message: 'unreachable' } }),
  )
  expect(renamed.problems.map(({ oracle }) => oracle)).toEqual(['heeds-abort'])
})

test('a call that never ends is remarked as one that heard no abort', async () => {
  const raced = scenario('raced')
    .subject(async (_: unknown, { fn, signal }: Ports) => {
      const gone = new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error)),
      )
      await Promise.race([fn('save', async () => 'saved')(), gone])
    })
    .on('fn:save', fault.hang())
    .abort(50)
  expect(await runScenario(raced)).toMatchObject({
    problems: [],
    remarks: [
      {
        code: 'E_DEAF',
        message:
          'fn:save (call 1) heard no abort: its caller left at 50 ms, and it never settled. Give it the signal, if it takes one.',
      },
    ],
  })
})

test('of many calls after the caller left, five are named and the rest are counted', async () => {
  const deaf = scenario('deaf')
    .subject(async (_: unknown, { fn, clock }: Ports) => {
      const save = fn('save', () => 'saved')
      for (let count = 0; count < 8; count++) {
        save()
        await clock.sleep(10)
      }
    })
    .abort(15)
    .expect({ status: 'completed' })
  const [problem] = (await runScenario(deaf)).problems
  expect(problem).toMatchObject({ expected: 0, actual: 6 })
  expect(problem?.message).toContain(
    'got fn:save (call 3, at 20 ms), fn:save (call 4, at 30 ms), fn:save (call 5, at 40 ms), fn:save (call 6, at 50 ms), fn:save (call 7, at 60 ms) and 1 more. Ask',
  )
})

test('a subject that hangs when its caller has left is a stall, and no more is said of it', async () => {
  const hangs = scenario('hangs')
    .subject((_: unknown, { fn }: Ports) => {
      fn('save', () => 'saved')()
      return new Promise(() => {})
    })
    .abort(15)
  expect((await runScenario(hangs)).problems.map(({ code }) => code)).toEqual(['E_STALL'])
})

test('an error of the business is no abort, whatever word it uses', async () => {
  const cancelled = scenario('cancelled')
    .subject(async (_: unknown, { fn, clock, signal }: Ports) => {
      fn('look', () => 'stock')()
      try {
        await clock.sleep(100, signal)
      } catch {
        throw new Error('Order 7 was cancelled by the warehouse')
      }
    })
    .abort(10)
    .expect({ status: 'cancelled' })
  expect((await runScenario(cancelled)).problems).toMatchObject([
    { code: 'E_EXPECT' },
    {
      oracle: 'heeds-abort',
      message:
        "Expected the subject to complete, or to fail with the signal's reason or an AbortError, as its caller left at 10 ms; it failed with Error: Order 7 was cancelled by the warehouse",
    },
  ])
})

test('only of a subject that settled is it said when it should have, and with what', () => {
  const evidence = {
    departure: { atMs: 10, callsBefore: 0, open: [] },
    scenario: { spec: {}, subject: { kind: 'pipeline' } },
    virtualMs: 50,
  }
  const thrown = { name: 'TypeError', message: 'no stock' }
  const told = (more: object) => judge(heedsAbort, { ...evidence, thrown: null, ...more } as never)
  expect(told({})).toMatchObject([{ expected: 10, actual: 50 }])
  expect(told({ end: { kind: 'stalled' } })).toEqual([])
  expect(told({ virtualMs: 10 })).toEqual([])
  const own = `Expected the subject to complete, or to fail with the signal's reason or an AbortError, as its caller left at 10 ms; it failed with TypeError: no stock`
  expect(told({ virtualMs: 10, result: { status: 'failed', error: thrown } })).toMatchObject([
    { message: own },
  ])
  expect(told({ virtualMs: 10, result: { status: 'cancelled', error: thrown } })).toEqual([])
})

test('to roll back is no further attempt, though it goes to the same point; the same again is', async () => {
  const transaction = (last: string) =>
    scenario('transaction')
      .subject(async (_: unknown, { fn, signal }: Ports) => {
        const query = fn('query', async (_statement: string) => 'done')
        await query('BEGIN')
        try {
          await query('INSERT')
          signal.throwIfAborted()
        } catch (error) {
          await query(last)
          throw error
        }
      })
      .on('fn:query#2', fault.delay(100))
      .abort(50)
  expect((await runScenario(transaction('ROLLBACK'))).problems).toEqual([])
  const [problem] = (await runScenario(transaction('INSERT'))).problems
  expect(problem?.message).toContain('got fn:query (call 3, at 100 ms)')
})

test.for([
  ['GET', ['heeds-abort']],
  ['POST', []],
] as const)(
  'another %s to a point that was asked before: to read on is going on, to write may undo',
  async ([method, oracles]) => {
    const pages = scenario('pages')
      .subject(async (_: unknown, ports: Ports) => {
        await ports.fetch('http://shop.example/items?page=1', { method })
        await ports.clock.sleep(100, ports.signal).catch(() => undefined)
        await ports.fetch('http://shop.example/items?page=2', { method })
      })
      .on(`http:${method} /items`, 'status(200)')
      .abort(50)
    expect((await runScenario(pages)).problems.map(({ oracle }) => oracle)).toEqual(oracles)
  },
)
