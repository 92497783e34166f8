import { createEngine, createRegistry, functionAdapter, pipeline, route, routeFacts, step } from 'shakedown'
import { expect, test } from 'vitest'
import { photographed } from '../durable/photographed.ts'

/** A route whose first adapter is unhealthy, whose second one fails twice and opens its breaker, and whose third one works. */
function routed() {
  const calls: string[] = []
  const keys = new Set<string>()
  const adapter = (name: string, fails: boolean, healthy = true) =>
    functionAdapter(
      name,
      async (n: number, call) => {
        calls.push(`${name} ${call.attempt}`)
        keys.add(call.idempotencyKey)
        call.meter({ tokens: 1 })
        if (fails) throw new Error(`${name} is down`)
        return n + 1
      },
      { health: async () => healthy },
    )
  const adapters = createRegistry(
    [adapter('sick', false, false), adapter('down', true), adapter('up', false)],
    {
      health: true,
      breaker: { failuresMax: 2 },
    },
  )
  const ask = route('ask', { adapters, order: () => ['sick', 'down', 'up'], backoff: { baseMs: 0 } })
  const again = route('again', { adapters, strategy: 'least-loaded', backoff: { baseMs: 0 } })
  return {
    node: pipeline(
      'p',
      ask,
      again,
      step('last', (n) => n * 10),
    ),
    calls,
    keys,
  }
}

test('killed after any of its commits, a route goes the way it went, and no adapter that is done is asked again', async () => {
  const { copies, audit } = photographed()
  const whole = routed()
  const result = await createEngine({ audit }).run(whole.node, 1, { runId: 'r', durable: true })
  expect(result).toMatchObject({ status: 'completed', output: 30, usage: { tokens: 4 }, attempts: 5 })
  expect(whole.calls).toEqual(['down 1', 'down 2', 'up 1', 'up 1'])
  await audit.close()
  expect(copies.length).toBeGreaterThan(5)
  for (const [at, copy] of copies.slice(0, -1).entries()) {
    const second = routed()
    await using engine = createEngine({ audit: copy, pipelines: [second.node] })
    const asked = () =>
      engine
        .audit!.trail('r')!
        .attemptRows.filter(({ step: name, status }) => name !== 'last' && status !== 'interrupted').length
    const before = asked()
    const [recovery] = await engine.recover()
    expect({ at, recovery }).toMatchObject({ at, recovery: { kind: 'carried-on', result: { output: 30 } } })
    // Asked in the second life is what had not answered in the first.
    expect({ at, calls: second.calls.length }).toEqual({ at, calls: asked() - before })
    for (const key of second.keys) expect(whole.keys).toContain(key)
    expect(engine.audit!.conservation()).toMatchObject({ ok: true })
  }
})

test('what a run that was carried on says of its route is what it would have said in one life', async () => {
  const { copies, audit } = photographed()
  await createEngine({ audit }).run(routed().node, 1, { runId: 'r', durable: true })
  await audit.close()
  const { node } = routed()
  await using engine = createEngine({ audit: copies.at(-2)!, pipelines: [node] })
  const [recovery] = await engine.recover()
  const children = recovery?.kind === 'carried-on' ? recovery.result.children : {}
  expect(routeFacts(children['ask']!)).toMatchObject({
    adapter: 'up',
    fallbackChain: ['down', 'up'],
    totalAttempts: 3,
    skipped: [{ adapter: 'sick' }],
    attempts: [
      { adapter: 'down', attempt: 1 },
      { adapter: 'down', attempt: 2 },
      { adapter: 'up', attempt: 1 },
    ],
  })
  expect(routeFacts(children['again']!)).toMatchObject({
    adapter: 'up',
    skipped: [{ adapter: 'sick' }, { adapter: 'down', reason: expect.stringContaining('circuit breaker') }],
  })
})
