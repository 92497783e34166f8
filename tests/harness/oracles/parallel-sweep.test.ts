import { type AnyNode, parallel, type ParallelOptions, pipeline, step } from 'shakedown'
import { expect, test } from 'vitest'
import { realExecutor } from '../../../harness/run/execution.ts'
import { runScenarioOn } from '../../../harness/run/run-scenario.ts'

const FAULTS = [
  'off',
  'reject("no")',
  '1*reject("no") -> off',
  'reject("no")@15',
  'hang',
  'late(500)',
  'lateReject(500)',
  'delay(7)',
  'value(undefined)',
  'value(proxy)',
  'shape({"odd":[1]})',
]

const OPTIONS: readonly ParallelOptions[] = [
  {},
  { onBranchFailure: 'collect', context: 'overwrite' },
  { onBranchFailure: 'ignore', context: 'keep-first', settleMs: 5 },
  { concurrency: 1 },
  { onBranchFailure: 'collect', concurrency: 2, include: ['log'] },
]

/** Four branches, one of them a fork itself, with retries, timeouts and fallbacks between them; and what comes after. */
function subject(options: ParallelOptions): AnyNode {
  const work = (name: string, ms: number) =>
    step(
      name,
      async (given: { topic: string }, ctx): Promise<unknown> => {
        ctx.meter({ tokens: 1 })
        ctx.context.append('log', name)
        ctx.context.set('last', name)
        await ctx.sleep(ms)
        given.topic = name
        return given
      },
      { timeoutMs: 40 },
    )
  const retried = step('b', (given: { topic: string }) => given.topic, {
    retries: 1,
    timeoutMs: 20,
    backoff: { baseMs: 3 },
  })
  const branches = {
    a: work('a', 10),
    b: pipeline(
      'b',
      retried,
      step('after b', (given: unknown) => given),
    ),
    c: work('c', 5).fallback(work('c backup', 5)),
    d: parallel('d', { x: work('x', 1), y: work('y', 30) }, { context: 'none' }),
  }
  return pipeline(
    'p',
    parallel('four', branches, options).fallback(step('rescue', () => 'rescued')),
    step('end', (given: unknown) => given),
  )
}

const pairs = FAULTS.flatMap((one, at) => FAULTS.slice(at).map((other) => [one, other] as const))

/** What oracles find in one scenario. A branch that another one cancelled before its turn has no fault to meet. */
async function alarms(node: AnyNode, faults: Record<string, string>, more: object = {}): Promise<unknown[]> {
  const spec = { name: 's', input: { topic: 't' }, faults, expect: {}, seed: 1, ...more }
  const scenario = {
    spec: { ...spec, http: 'ports', timers: 'ports' },
    subject: { kind: 'pipeline', node },
  } as const
  const { problems } = await runScenarioOn(realExecutor, scenario, {})
  return problems
    .filter(({ code }) => code !== 'E_EXPECT' && code !== 'E_VACUOUS')
    .map((each) => [faults, each])
}

test.for(OPTIONS)(
  'no oracle raises a false alarm, whatever goes wrong in two branches (%o)',
  async (options) => {
    const node = subject(options)
    const found: unknown[] = []
    for (const [one, other] of pairs)
      for (const [first, second] of [
        ['a', 'b'],
        ['c', 'y'],
        ['b', 'x'],
      ])
        found.push(...(await alarms(node, { [`step:${first}`]: one, [`step:${second}`]: other })))
    expect(found).toEqual([])
  },
)

test.for(OPTIONS)('nor when the caller leaves at any moment (%o)', async (options) => {
  const node = subject(options)
  const found: unknown[] = []
  for (const fault of FAULTS)
    for (const abort of [0, 5, 12, 33, 45])
      found.push(...(await alarms(node, { 'step:a': fault, 'step:x': 'off' }, { abort })))
  expect(found).toEqual([])
})
