import { type Ports, runScenario, scenario, type Scenario } from 'shakedown/harness'
import { pipeline, step } from 'shakedown'
import type { Work } from './growth.ts'

/** What a scenario must do at the same price however much of it there is: calls, callers, timers, messages, steps. */
export const scenarioWorks: readonly Work[] = [
  scenarioWork('calls that meet a fault', 'call', (size) =>
    scenario('calls')
      .subject(async (_input: undefined, ports: Ports) => {
        const save = ports.fn('save', async (n: number) => n)
        for (let n = 0; n < size; n++) await save(n).catch(() => undefined)
      })
      .on('fn:save', '2*reject(ECONNRESET) -> delay(10)')
      .expect({ status: 'completed', calls: { 'fn:save': size } }),
  ),
  scenarioWork('calls about which much is expected', 'call', (size) =>
    scenario('calls, expected')
      .subject(async (_input: undefined, ports: Ports) => {
        const save = ports.fn('save', async (n: number) => n)
        await Promise.all(Array.from({ length: size }, (_, n) => save(n)))
      })
      .on('fn:save', 'delay(10)')
      .expect({
        calls: {
          'fn:save': {
            inputs: 'distinct',
            inFlight: size,
            window: { ms: 50, max: size },
            gapsMs: 0,
          },
        },
      }),
  ),
  scenarioWork(
    'callers at once',
    'caller',
    (size) =>
      scenario('callers')
        .subject(async (_input: undefined, ports: Ports) => ports.fn('ask', async () => 'answer')())
        .callers(size)
        .on('fn:ask', 'delay(10)')
        .expect({ calls: { 'fn:ask': size } }),
    [60, 250, 1_000],
  ),
  scenarioWork('virtual timers at once', 'timer', (size) =>
    scenario('timers')
      .subject(async (_input: undefined, ports: Ports) => {
        await ports.fn('begin', async () => undefined)()
        await Promise.all(
          Array.from({ length: size }, (_, n) => new Promise((done) => setTimeout(done, (n * 7) % 1_000))),
        )
      })
      .on('fn:begin', 'delay(10)')
      .expect({ status: 'completed' }),
  ),
  scenarioWork(
    'messages pushed',
    'message',
    (size) =>
      scenario('messages')
        .subject(async (_input: undefined, ports: Ports) => {
          let sum = 0
          for await (const message of ports.events('feed', () => new EventTarget())) sum += Number(message)
          return sum
        })
        .on(
          'events:feed',
          `push(${JSON.stringify(Array.from({ length: size }, () => 1))}, every=1, last=end)`,
        )
        .expect({ output: size }),
    [100, 400, 1_600],
  ),
  scenarioWork('steps of a pipeline', 'step', (size) =>
    scenario('steps')
      .subject(
        pipeline(
          'steps',
          Array.from({ length: size }, (_, index) => step(`s${index}`, (n: number) => n + 1, { retries: 1 })),
        ),
      )
      .input(0)
      .on('step:s0', '1*reject -> off')
      .expect({ output: size }),
  ),
]

function scenarioWork(
  name: string,
  unit: string,
  make: (size: number) => Scenario,
  sizes: Work['sizes'] = [250, 1_000, 4_000],
): Work {
  return {
    name: `scenario: ${name}`,
    unit,
    sizes,
    prepare: async (size) => {
      const spec = make(size)
      return {
        units: size,
        run: async () => {
          const verdict = await runScenario(spec)
          if (!verdict.ok)
            throw new Error(`${name}, ${size}: ${verdict.problems.map(({ message }) => message).join('\n')}`)
        },
      }
    },
  }
}
