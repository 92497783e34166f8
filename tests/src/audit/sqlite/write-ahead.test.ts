import { createEngine, pipeline, step } from 'shakedown'
import { expect, test } from 'vitest'
import { openAudit } from '../open-audit.ts'

/** Lets everything happen that waits for nothing but promises. */
async function promisesSettle(): Promise<void> {
  for (let round = 0; round < 50; round++) await Promise.resolve()
}

test('no attempt starts, and no run ends, before what led to it is on disk', async () => {
  const { audit, clock, other } = openAudit()
  const called: string[] = []
  const say = (name: string) => async (): Promise<string> => {
    called.push(name)
    return name
  }
  const fail = async (): Promise<string> => {
    called.push('primary')
    throw new Error('no luck')
  }
  const node = pipeline(
    'three',
    step('first', say('first')),
    step('primary', fail, { retries: 1, backoff: { baseMs: 0 } }).fallback(step('backup', say('backup'))),
    step('last', say('last')),
  )
  let ended = false
  const run = createEngine({ audit }).run(node, 'tides', { runId: 'r1' })
  void run.then(() => (ended = true))
  const attemptsOnDisk = (): unknown => other.prepare('SELECT count(*) FROM attempts').pluck().get()
  const expected = ['first', 'primary', 'primary', 'backup', 'last']
  for (let attempts = 0; attempts <= expected.length; attempts++) {
    await promisesSettle()
    // This many functions have been called, and one attempt fewer is on disk, until the turn ends.
    expect([called, ended]).toEqual([expected.slice(0, attempts), false])
    expect(attemptsOnDisk()).toBe(Math.max(attempts - 1, 0))
    clock.endTurn()
    expect(attemptsOnDisk()).toBe(attempts)
  }
  await expect(run).resolves.toMatchObject({ success: true, output: 'last' })
  expect(called).toEqual(expected)
})
