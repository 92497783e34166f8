import { fault, type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'

/** Gives up after 100 ms, and forgets to stop what it gave up on. */
async function forgetful(_: unknown, ports: Ports): Promise<string> {
  const save = ports.fn('save', async () => 'saved')
  const retrying = async (): Promise<string> => {
    for (;;) {
      try {
        return await save()
      } catch {
        await ports.clock.sleep(80)
      }
    }
  }
  return Promise.race([retrying(), ports.clock.sleep(100).then(() => 'gave up')])
}

const slow = scenario('gives up')
  .subject(forgetful)
  .on('fn:save', fault.times(3).reject('no').next.off())
  .expect({ status: 'completed', output: 'gave up' })

test('calls that begin after the answer are a problem, and named', async () => {
  expect((await runScenario(slow)).problems).toMatchObject([
    {
      code: 'E_ORACLE',
      oracle: 'no-orphans',
      message:
        'Expected no call after the subject had settled at 100 ms, got fn:save (call 3, at 160 ms), fn:save (call 4, at 240 ms). Stop what lost the race, or await it; say `background: true` if it is meant to go on.',
    },
  ])
})

test('work that is meant to go on says so', async () => {
  expect((await runScenario(slow.background())).problems).toEqual([])
})

test('a hedged request whose loser began before the answer is no orphan', async () => {
  const hedged = scenario('hedged')
    .subject(async (_: unknown, ports: Ports) => {
      const ask = ports.fn('ask', async () => 'answer')
      const first = ask()
      const second = ports.clock.sleep(20).then(ask)
      return Promise.race([first, second])
    })
    .on('fn:ask#1', fault.delay(500))
    .expect({ status: 'completed', output: 'answer', virtualMs: 20 })
  expect((await runScenario(hedged)).problems).toEqual([])
})
