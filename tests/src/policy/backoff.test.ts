import { step } from 'shakedown'
import { SimWorld } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { failing, runInSim } from '../../support/in-sim.ts'

/** The waits before each further attempt, where each random draw is this. */
async function delaysOf(backoff: object | undefined, draw = 0.25, retries = 3): Promise<number[]> {
  const world = new SimWorld()
  const drawn = Object.create(world, { random: { value: () => draw } }) as SimWorld
  const { audit } = await runInSim(
    step('never', failing(9, 0), { retries, ...(backoff === undefined ? {} : { backoff }) }),
    undefined,
    {},
    drawn,
  )
  return audit.records.flatMap((record) =>
    record.kind === 'attempt' && record.attempt > 1 ? [record.delayMs] : [],
  )
}

test.for<[string, object | undefined, number[]]>([
  ['nothing said', undefined, [100, 200, 400]],
  ['nothing said but the name', {}, [100, 200, 400]],
  ['a base', { baseMs: 7 }, [7, 14, 28]],
  ['a base that was left open', { baseMs: undefined }, [100, 200, 400]],
  ['a factor of one', { factor: 1 }, [100, 100, 100]],
  ['a cap', { maxDelayMs: 150 }, [100, 150, 150]],
  ['full jitter', { jitter: 'full' }, [25, 50, 100]],
  ['equal jitter', { jitter: 'equal' }, [62.5, 125, 250]],
  ['jitter of a capped delay', { jitter: 'full', maxDelayMs: 100 }, [25, 25, 25]],
  ['no base', { baseMs: 0 }, [0, 0, 0]],
])('with %s the waits are as documented', async ([, backoff, expected]) => {
  expect(await delaysOf(backoff)).toEqual(expected)
})

test('no computed delay is longer than a minute', async () => {
  expect(await delaysOf({ baseMs: 50_000 })).toEqual([50_000, 60_000, 60_000])
})
