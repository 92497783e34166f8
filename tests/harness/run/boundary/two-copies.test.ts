import { expect, test, vi } from 'vitest'

/** A scenario on nock, run by the copy of the harness that is there now. */
async function problems(): Promise<unknown> {
  const { runScenario, scenario } = await import('shakedown/harness')
  const asks = scenario('asks')
    .subject(async () => (await fetch('http://shop.example/items')).status)
    .http('nock')
    .on('http:GET /items', 'status(203)')
    .expect({ output: 203 })
  return (await runScenario(asks)).problems
}

test('a second copy of the harness in a process scripts requests as the first one does, and the first still does', async () => {
  expect(await problems()).toEqual([])
  vi.resetModules()
  expect(await problems()).toEqual([])
  expect(await problems()).toEqual([])
})
