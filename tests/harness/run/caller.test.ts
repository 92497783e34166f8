import { step } from 'shakedown'
import { fault, type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'

/** Three attempts with 100 ms between them, by the book: it asks before each attempt, and its waits hear the signal. */
async function polite(order: number, ports: Ports): Promise<number> {
  const save = ports.fn('save', async (id: number) => id)
  for (let attempt = 1; ; attempt++) {
    ports.signal.throwIfAborted()
    try {
      return await save(order)
    } catch (error) {
      if (attempt === 3) throw error
      await ports.clock.sleep(100, ports.signal)
    }
  }
}

const leavesDuringBackoff = scenario('the caller leaves')
  .subject(polite)
  .input(1)
  .on('fn:save', fault.forever().reject('ECONNRESET'))
  .abort({ during: 'backoff' })

test('a subject that stops when its caller leaves is cancelled, and nothing is wrong with it', async () => {
  const verdict = await runScenario(leavesDuringBackoff.expect({ status: 'cancelled', virtualMs: 0 }))
  expect(verdict).toMatchObject({ ok: true, problems: [], remarks: [], error: { name: 'AbortError' } })
  expect(verdict.calls).toHaveLength(1)
})

test('an answer that refuses is a failed call, too: the caller leaves in the back-off that follows it', async () => {
  const asks = scenario('the server is busy')
    .subject(async (_: unknown, ports: Ports) => {
      for (let attempt = 1; attempt <= 3; attempt++) {
        ports.signal.throwIfAborted()
        const response = await ports.fetch('http://127.0.0.1:9/orders', { signal: ports.signal })
        if (response.ok) return response.json()
        await ports.clock.sleep(100, ports.signal)
      }
      throw new Error('The server is busy.')
    })
    .on('http:GET /orders', 'inf*status(503)')
    .abort({ during: 'backoff' })
  const { problems, calls, virtualMs } = await runScenario(asks.expect({ status: 'cancelled' }))
  expect(problems).toEqual([])
  expect({ calls: calls.length, virtualMs }).toEqual({ calls: 1, virtualMs: 0 })
})

test.for([
  ['an answer that is no refusal', ({ fetch: ask }: Ports) => ask('http://127.0.0.1:9/orders')],
  ['what a function gives, whatever it is', ({ fn }: Ports) => fn('ask', async () => ({ ok: false }))()],
] as const)('a wait after %s is no back-off: the caller stays', async ([, ask]) => {
  const asks = scenario('asks')
    .subject(async (_: unknown, ports: Ports) => {
      await ask(ports)
      await ports.clock.sleep(100, ports.signal)
    })
    .on('http:GET /orders', 'inf*status(200)')
    .abort({ during: 'backoff' })
  expect(await runScenario(asks)).toMatchObject({ status: 'completed', virtualMs: 100 })
})

test('a scenario in which the caller leaves need not say that its subject is cancelled', async () => {
  expect((await runScenario(leavesDuringBackoff)).problems).toEqual([])
})

test('the caller leaves after so many virtual milliseconds', async () => {
  const { ok, virtualMs, calls } = await runScenario(
    leavesDuringBackoff.abort(150).expect({ status: 'cancelled' }),
  )
  expect({ ok, virtualMs, calls: calls.length }).toEqual({ ok: true, virtualMs: 150, calls: 2 })
})

test('a call that is being made when the caller leaves may still end', async () => {
  const second = leavesDuringBackoff
    .abort({ at: 'fn:save#2' })
    .expect({ status: 'cancelled', virtualMs: 100 })
  const { ok, calls, problems } = await runScenario(second)
  expect(problems).toEqual([])
  expect({ ok, calls: calls.length }).toEqual({ ok: true, calls: 2 })
})

test('a subject that answers although its caller left has done nothing wrong', async () => {
  const answered = scenario('answers')
    .subject(polite)
    .input(1)
    .on('fn:save', fault.delay(80))
    .abort(50)
    .expect({ status: 'completed', output: 1, virtualMs: 80 })
  const { problems, remarks } = await runScenario(answered)
  expect(problems).toEqual([])
  expect(remarks).toEqual([
    {
      code: 'E_DEAF',
      at: ['abort'],
      message:
        'fn:save (call 1) heard no abort: its caller left at 50 ms, and it went on until 80 ms. Give it the signal, if it takes one.',
    },
  ])
})

test('a request that hears the signal ends the moment the caller leaves', async () => {
  const fetching = scenario('fetches')
    .subject(
      async (_: unknown, { fetch, signal }: Ports) => (await fetch('http://orders.test/', { signal })).status,
    )
    .on('http:GET /', fault.hang())
    .abort(50)
    .expect({ status: 'cancelled', virtualMs: 50 })
  expect(await runScenario(fetching)).toMatchObject({ problems: [], remarks: [] })
})

test('a wait that hears no abort is a problem', async () => {
  const sleepsOn = scenario('sleeps on')
    .subject(async (_: unknown, ports: Ports) => {
      const save = ports.fn('save', async () => 'saved')
      try {
        return await save()
      } catch {
        await ports.clock.sleep(500)
        ports.signal.throwIfAborted()
        return save()
      }
    })
    .on('fn:save', '1*reject -> off')
    .abort({ during: 'backoff' })
    .expect({ status: 'cancelled' })
  expect((await runScenario(sleepsOn)).problems).toMatchObject([
    {
      code: 'E_ORACLE',
      oracle: 'heeds-abort',
      message:
        'Expected the subject to settle at 0 ms, as its caller left at 0 ms and no call was under way; it settled at 500 ms. A wait has to end when the signal aborts: give it the signal.',
      expected: 0,
      actual: 500,
    },
  ])
})

test('a loop that retries the abort itself is a problem', async () => {
  const retriesAborts = scenario('retries aborts')
    .subject(async (_: unknown, { fn, signal, clock }: Ports) => {
      const save = fn('save', (options: { signal: AbortSignal }) => options.signal.throwIfAborted())
      for (let attempt = 1; attempt <= 3; attempt++) {
        try {
          save({ signal })
          return
        } catch {
          await clock.sleep(10)
        }
      }
      throw new Error('gave up')
    })
    .on('fn:save', '1*throw -> off')
    .abort({ during: 'backoff' })
    .expect({ status: 'failed', error: { message: 'gave up' } })
  expect((await runScenario(retriesAborts)).problems).toMatchObject([
    {
      oracle: 'heeds-abort',
      message:
        'Expected no further call once the caller had left at 0 ms, got fn:save (call 2, at 10 ms), fn:save (call 3, at 20 ms). Ask `signal.throwIfAborted()` before each attempt, and do not retry an AbortError.',
    },
  ])
})

test('an abort that comes out as another error is a problem', async () => {
  const renames = scenario('renames')
    .subject(async (_: unknown, { fetch, signal }: Ports) => {
      try {
        return (await fetch('http://orders.test/', { signal })).status
      } catch {
        throw new TypeError('no stock')
      }
    })
    .on('http:GET /', fault.hang())
    .abort(50)
    .expect({ status: 'failed', error: { name: 'TypeError' } })
  expect((await runScenario(renames)).problems).toMatchObject([
    {
      oracle: 'heeds-abort',
      message:
        "Expected the subject to complete, or to fail with the signal's reason or an AbortError, as its caller left at 50 ms; it failed with TypeError: no stock",
    },
  ])
})

test('a caller that never left proves nothing', async () => {
  const early = scenario('early').subject(polite).input(1).abort(50).expect({ status: 'completed' })
  expect((await runScenario(early)).problems).toMatchObject([
    {
      code: 'E_VACUOUS',
      at: ['abort'],
      message:
        'The caller was to leave after 50 ms, but the subject had settled at 0 ms and that never came.',
    },
  ])
})

test('a pipeline that its caller leaves is cancelled in the middle of a back-off', async () => {
  const draft = step('draft', () => 'draft', { retries: 2, backoff: { baseMs: 100 } })
  const left = scenario('left')
    .subject(draft)
    .on(draft, fault.forever().reject('ECONNRESET'))
    .abort(30)
    .expect({ status: 'cancelled', attempts: { draft: 1 }, virtualMs: 30 })
  expect((await runScenario(left)).problems).toEqual([])
})

test('global timers, too: the caller leaves while the subject waits on setTimeout', async () => {
  const left = scenario('left')
    .subject(async (_: unknown, ports: Ports) => {
      const save = ports.fn('save', async () => 'saved')
      try {
        return await save()
      } catch {
        return await new Promise((_resolve, reject) => {
          const timer = setTimeout(reject, 1000, new Error('too late'))
          ports.signal.addEventListener('abort', () => {
            clearTimeout(timer)
            reject(ports.signal.reason as Error)
          })
        })
      }
    })
    .timers('global')
    .on('fn:save', fault.reject('no'))
    .abort({ during: 'backoff' })
    .expect({ status: 'cancelled', virtualMs: 0 })
  expect((await runScenario(left)).problems).toEqual([])
})

/** Two calls at once: one fails, the other is under way. Then it waits for what only its caller can end. */
const waitingForItsCaller = scenario('waits')
  .subject(async (_: unknown, { fn, signal }: Ports) => {
    const gone = new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason as Error)),
    )
    const other = fn('load', async () => 'loaded')()
    await fn('save', async () => 'saved')().catch(() => {})
    await other
    await gone
  })
  .on('fn:save', fault.reject('ECONNRESET'))
  .abort({ during: 'backoff' })

test('while another call is under way, or nothing is waited for that ends, there is no back-off to leave in', async () => {
  const slow = await runScenario(waitingForItsCaller.on('fn:load', fault.delay(50)))
  expect(slow.problems.map(({ code }) => code)).toEqual(['E_STALL'])
  const quick = await runScenario(waitingForItsCaller)
  expect(quick.problems.map(({ code }) => code)).toEqual(['E_STALL'])
})

test('the caller leaves at a request by its method and path, wherever it goes', async () => {
  const fetching = scenario('fetches')
    .subject(async (_: unknown, { fetch, signal }: Ports) => {
      await fetch('http://orders.test/stock')
      await fetch('http://orders.test/orders', { method: 'POST', signal })
    })
    .on('http:GET /stock', fault.status(204))
    .on('http:POST /orders', fault.hang())
    .abort({ at: 'http:POST http://orders.test/orders' })
    .expect({ status: 'cancelled' })
  expect((await runScenario(fetching)).problems).toEqual([])
})

test('a caller that has its answer no longer leaves', async () => {
  const orphan = scenario('orphan')
    .subject(async (_: unknown, { fn, clock }: Ports) => {
      const save = fn('save', async () => 'saved')
      void clock.sleep(10).then(save)
      return save()
    })
    .abort({ at: 'fn:save#2' })
    .background()
  expect((await runScenario(orphan)).problems).toMatchObject([{ code: 'E_VACUOUS', at: ['abort'] }])
})
