import { install } from '@sinonjs/fake-timers'
import { step } from 'shakedown'
import { drive, fault, type Ports, runScenario, scenario, SimWorld } from 'shakedown/harness'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseScenarios } from '../../harness/scenario/file/load.ts'
import { routeTask } from '../../scenarios/routing-by-hand/route-task.ts'
import { measure, printRows } from './rounds.ts'

/** Runs per second a core has to manage, with three faults and all oracles that judge one run. */
const TARGETS: Readonly<Record<string, number>> = {
  'shakedown scenario': 45_000,
  'a function on its ports': 25_000,
  'a function on global timers': 12_000,
}
/** What the six original tests of the hand-written router took, in seconds of real back-off. */
const SEED_SECONDS = 22.13

console.log(
  `Node ${process.version}. The work: fails 3× with 100/200 ms back-off, the next adapter succeeds.`,
)

const route = step('prefect', async (n: number) => n, { retries: 2 }).fallback(
  step('agno', async (n: number) => n + 1),
)
const flapping = scenario('fails three times, the next adapter succeeds')
  .subject(route)
  .input(1)
  .on('step:prefect', fault.times(3).reject('ECONNRESET').next.off())
  .expect({ status: 'completed', attempts: { prefect: 3, agno: 1 }, virtualMs: 300 })

/** The same as a function: retries of somebody else's, on the clock they sleep by. */
function flappingFunction(timers: 'ports' | 'global') {
  return scenario('fails three times, the next service answers')
    .subject((_: unknown, { fn, clock }: Ports) => {
      const ask = fn('ask', async () => 1)
      const byName = (ms: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, ms))
      return retryThenNext(ask, timers === 'ports' ? clock.sleep : byName)
    })
    .on('fn:ask', fault.times(3).reject('ECONNRESET').next.off())
    .timers(timers)
    .expect({ status: 'completed', calls: { 'fn:ask': 4 }, virtualMs: 300 })
}
const onPorts = flappingFunction('ports')
const onGlobals = flappingFunction('global')

const rows = await measure(
  [
    { name: 'the loop alone, by hand', run: repeat(byHand) },
    { name: 'shakedown scenario', run: repeat(() => runScenario(flapping, { replay: false })) },
    { name: 'shakedown scenario, replayed', run: repeat(() => runScenario(flapping)) },
    { name: '@sinonjs/fake-timers, no engine', run: repeat(onFakeTimers) },
  ],
  { rounds: 30, times: 500 },
)
printRows('one full scenario run: real engine, in-memory audit, all oracles', rows, {})
// After the pipelines: what has to serve both kinds is slower for each.
const functions = await measure(
  [
    { name: 'the loop alone, by hand', run: repeat(byHand) },
    { name: 'a function on its ports', run: repeat(() => runScenario(onPorts, { replay: false })) },
    { name: 'a function on global timers', run: repeat(() => runScenario(onGlobals, { replay: false })) },
  ],
  { rounds: 30, times: 500 },
)
printRows('one scenario run of a function: all oracles', functions, {})
for (const { name, medianUs } of [...rows, ...functions]) {
  const target = TARGETS[name]
  if (target === undefined) continue
  const perSecond = 1_000_000 / medianUs
  console.log(
    `${name}: ${Math.round(perSecond).toLocaleString('en')} runs/s on one core  target ≥ ${target.toLocaleString('en')}: ${perSecond >= target ? 'met' : 'MISSED'}`,
  )
}
await seedSuite()

function repeat(work: () => Promise<unknown>) {
  return async (times: number): Promise<void> => {
    for (let i = 0; i < times; i++) await work()
  }
}

/** The same retries without an engine, an audit trail or an oracle: what virtual time alone costs. */
async function byHand(): Promise<void> {
  const world = new SimWorld()
  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => world.clock.after(ms, 'sleep', resolve))
  let calls = 0
  const work = retryThenNext(async () => {
    calls++
    if (calls <= 3) throw new Error('ECONNRESET')
    return calls
  }, sleep)
  await drive(world, work)
}

async function onFakeTimers(): Promise<void> {
  const clock = install({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  try {
    let calls = 0
    const work = retryThenNext(
      async () => {
        calls++
        if (calls <= 3) throw new Error('ECONNRESET')
        return calls
      },
      (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    )
    await clock.runAllAsync()
    await work
  } finally {
    clock.uninstall()
  }
}

async function retryThenNext(
  call: () => Promise<number>,
  sleep: (ms: number) => Promise<unknown>,
): Promise<number> {
  for (let attempt = 1; attempt <= 3; attempt++) {
    try {
      return await call()
    } catch {
      if (attempt < 3) await sleep(100 * 2 ** (attempt - 1))
    }
  }
  return call()
}

/** The six promises of the hand-written router, over a real HTTP server, beside what they took with real delays. */
async function seedSuite(): Promise<void> {
  const file = fileURLToPath(
    new URL('../../scenarios/routing-by-hand/routing.scenario.yaml', import.meta.url),
  )
  const run = (input: unknown, ports: unknown) => routeTask(input as never, ports as never)
  const scenarios = parseScenarios(readFileSync(file, 'utf8'), file).map(({ spec }) => ({
    spec,
    subject: { kind: 'function' as const, run },
  }))
  const startedMs = performance.now()
  let virtualMs = 0
  for (const each of scenarios) {
    const verdict = await runScenario(each, { replay: false })
    if (!verdict.ok) throw new Error(`${each.spec.name}: ${verdict.problems[0]?.message}`)
    virtualMs += verdict.virtualMs
  }
  const seconds = (performance.now() - startedMs) / 1000
  console.log(
    `\nrouting by hand: the six original tests took ${SEED_SECONDS} s; these ${scenarios.length} take ${seconds.toFixed(3)} s for ${virtualMs / 1000} s of virtual time (${Math.round(SEED_SECONDS / seconds)}× less)`,
  )
}
