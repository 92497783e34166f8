import { createEngine, memoryAudit, pipeline, step } from 'shakedown'
import { fault, type Ports, runScenario, type Scenario, scenario } from 'shakedown/harness'
import { expect, test, vi } from 'vitest'

const draft = step('draft', () => 'draft', { retries: 2 })

test('a scenario whose promises hold has no problems, and tells what it took', async () => {
  const flaky = scenario('flaky')
    .subject(draft)
    .on('step:draft', fault.times(2).reject('ECONNRESET').next.off())
    .expect({ status: 'completed', output: 'draft', attempts: { draft: 3 }, virtualMs: 300 })
  const verdict = await runScenario(flaky)
  expect(verdict).toMatchObject({
    ok: true,
    problems: [],
    status: 'completed',
    attempts: 3,
    faultsFired: 2,
    virtualMs: 300,
  })
  expect(verdict.trails[0]?.attemptRows.map(({ status }) => status)).toEqual([
    'failed',
    'failed',
    'completed',
  ])
})

test('every unmet expectation is a problem that says where, what was expected and what was got', async () => {
  const wrong = scenario('wrong')
    .subject(draft)
    .on('step:draft', fault.forever().reject('no'))
    .expect({
      status: 'completed',
      attempts: { draft: 1 },
      virtualMs: { max: 10 },
      feedback: { contains: 'yes' },
      audit: { outcomes: { completed: 1 } },
    })
  const { problems } = await runScenario(wrong)
  expect(problems.map(({ at }) => at.join('.'))).toEqual([
    'expect.status',
    'expect.feedback',
    'expect.attempts.draft',
    'expect.virtualMs',
    'expect.audit.outcomes.completed',
  ])
  expect(problems[0]).toMatchObject({
    code: 'E_EXPECT',
    expected: 'completed',
    actual: 'failed',
    message: 'Expected status to be "completed", got "failed".',
  })
})

test('a fault that never fires makes the scenario vacuous, and the points that were reached are named', async () => {
  const vacuous = scenario('vacuous')
    .subject(draft)
    .on('step:darft', fault.reject('no'))
    .expect({ status: 'completed' })
  const { problems } = await runScenario(vacuous)
  expect(problems).toMatchObject([{ code: 'E_VACUOUS', at: ['faults', 'step:darft'] }])
  expect(problems[0]?.message).toContain('Reached: step:draft (1×).')
})

test('a function that reaches no boundary point proves nothing', async () => {
  const { problems } = await runScenario(
    scenario('empty')
      .subject(() => 1)
      .input(null)
      .expect({ output: 1 }),
  )
  expect(problems).toMatchObject([{ code: 'E_VACUOUS', at: ['subject'] }])
})

test('a step that hangs without a timeout is a stall that names the open call', async () => {
  const { problems, status } = await runScenario(
    scenario('hang').subject(draft).on('step:draft', fault.hang()).expect({ status: 'failed' }),
  )
  expect(status).toBe('stalled')
  expect(problems).toMatchObject([{ code: 'E_STALL' }])
  expect(problems[0]?.message).toContain('step:draft (call 1, since 0 ms, fault hang)')
})

test('retrying for ever is a livelock', async () => {
  const stubborn = async (_: unknown, ports: Ports): Promise<void> => {
    const call = ports.fn('call', () => Promise.resolve(false))
    while (!(await call())) await ports.clock.sleep(1_000)
  }
  const { problems } = await runScenario(
    scenario('stubborn').subject(stubborn).input(null).expect({ status: 'completed' }),
  )
  expect(problems).toMatchObject([{ code: 'E_LIVELOCK' }])
})

test.for([
  ['vi.fn', () => vi.fn(() => 1)],
  ['a spied method', () => vi.spyOn({ send: () => 1 }, 'send')],
] as const)('a subject that is %s is refused before it runs', async ([, makeSpy]) => {
  const spy = makeSpy()
  const verdict = await runScenario(
    scenario('mocked').subject(spy).input(null).expect({ status: 'completed' }),
  )
  expect(verdict.problems).toMatchObject([{ code: 'E_EXECUTOR_MOCKED', at: ['subject'] }])
  expect(verdict.problems[0]?.message).toContain('Give the scenario the real subject')
  expect(spy).not.toHaveBeenCalled()
})

test('a pipeline with something patched into a copy of it is refused', async () => {
  const { spec } = scenario('patched').subject(draft)
  const patched: Scenario = {
    spec,
    subject: { kind: 'pipeline', node: { ...draft, run: () => 'mocked' } as never },
  }
  expect((await runScenario(patched)).problems).toMatchObject([{ code: 'E_EXECUTOR_MOCKED' }])
})

test('an engine of the subject’s own runs in the scenario’s world', async () => {
  const subject = async (topic: string, ports: Ports) => {
    const call = ports.fn('model', (text: string) => text.toUpperCase())
    const engine = createEngine({ world: ports.world, audit: memoryAudit() })
    const result = await engine.run(
      pipeline(
        'p',
        step('ask', (text: string) => call(text), { retries: 1 }),
      ),
      topic,
    )
    return result.output
  }
  const own = scenario('own engine')
    .subject(subject)
    .input('tides')
    .on('fn:model', fault.times(1).reject('ECONNRESET').next.off())
  const verdict = await runScenario(own.expect({ output: 'TIDES', virtualMs: 100, calls: { 'fn:model': 2 } }))
  expect(verdict.problems).toEqual([])
})

test('a rejection that the subject leaves lying about is its problem, not Vitest’s', async () => {
  const careless = async (_: unknown, ports: Ports): Promise<string> => {
    void ports.fn('save', () => Promise.reject(new Error('disk full')))()
    await ports.clock.sleep(1)
    return 'done'
  }
  const { problems } = await runScenario(
    scenario('careless').subject(careless).input(null).expect({ output: 'done' }),
    { replay: false },
  )
  expect(problems).toMatchObject([{ code: 'E_ORACLE', oracle: 'no-unhandled-rejection' }])
})

test('a subject that keeps state between runs, and must not, is found out by the second one', async () => {
  let runs = 0
  const stateful = async (_: unknown, ports: Ports): Promise<void> =>
    ports.clock.sleep(++runs * 10).then(() => ports.fn('f', () => {})())
  const { problems } = await runScenario(
    scenario('stateful').subject(stateful).input(null).repeatable().expect({ status: 'completed' }),
  )
  expect(problems).toMatchObject([{ code: 'E_ORACLE', oracle: 'same-digest' }])
})

test('the same seed gives the same digest, another seed another one', async () => {
  const jittery = step('draft', () => 'draft', { retries: 1, backoff: { jitter: 'full' } })
  const at = (seed: number) =>
    runScenario(
      scenario('jitter').subject(jittery).seed(seed).on('step:draft', fault.times(1).reject('no').next.off()),
    )
  expect((await at(1)).digest).toBe((await at(1)).digest)
  expect((await at(1)).digest).not.toBe((await at(2)).digest)
})

test('global timers of a foreign subject run in virtual time, and are real again afterwards', async () => {
  const before = globalThis.setTimeout
  const sleeper = async (_: unknown, ports: Ports): Promise<number> => {
    const startedMs = Date.now()
    await new Promise((resolve) => setTimeout(resolve, 3_600_000))
    ports.fn('done', () => {})()
    return Date.now() - startedMs
  }
  const verdict = await runScenario(
    scenario('sleeper')
      .subject(sleeper)
      .input(null)
      .timers('global')
      .expect({ output: 3_600_000, virtualMs: 3_600_000 }),
  )
  expect(verdict.problems).toEqual([])
  expect(globalThis.setTimeout).toBe(before)
})

test('scenarios started together take turns', async () => {
  const order: string[] = []
  const named =
    (name: string) =>
    async (_: unknown, ports: Ports): Promise<void> => {
      ports.fn('f', () => order.push(`${name} starts`))()
      await ports.clock.sleep(10)
      order.push(`${name} ends`)
    }
  await Promise.all(
    ['a', 'b'].map((name) => runScenario(scenario(name).subject(named(name)).input(null), { replay: false })),
  )
  expect(order).toEqual(['a starts', 'a ends', 'b starts', 'b ends'])
})

test('of a function, its calls count as attempts, and the verdict says how long it took on the wall', async () => {
  const subject = async (_: unknown, ports: Ports): Promise<void> => {
    const save = ports.fn('save', async () => {})
    await save()
    await save()
  }
  const beforeMs = performance.now()
  const { attempts, wallMs } = await runScenario(scenario('saves').subject(subject).input(null))
  expect(attempts).toBe(2)
  expect(wallMs).toBeGreaterThan(0)
  expect(wallMs).toBeLessThanOrEqual(performance.now() - beforeMs)
})
