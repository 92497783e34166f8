import type * as harness from 'shakedown/harness'
import { expect, test, vi } from 'vitest'

type Harness = Pick<typeof harness, 'runScenario' | 'scenario'>

/** What a scenario on nock says, run by one copy of the harness. */
async function problemsBy({ runScenario, scenario }: Harness): Promise<unknown> {
  const asks = scenario('asks')
    .subject(async () => (await fetch('http://shop.example/items')).status)
    .http('nock')
    .on('http:GET /items', 'status(203)')
    .expect({ output: 203 })
  return (await runScenario(asks)).problems
}

test('a second copy of the harness in a process scripts requests as the first one does, and the first still does', async () => {
  const first = await import('shakedown/harness')
  expect(await problemsBy(first)).toEqual([])
  vi.resetModules()
  const second = await import('shakedown/harness')
  expect(second.runScenario).not.toBe(first.runScenario)
  expect(await problemsBy(second)).toEqual([])
  expect(await problemsBy(first)).toEqual([])
})
