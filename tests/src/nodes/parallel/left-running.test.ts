import { first, parallel, step } from 'shakedown'
import { expect, test } from 'vitest'
import { deaf, fails, runBranches, wait } from './running.ts'

/** Completes through its fallback at 10 ms, and leaves a function running for so long. */
const impatient = (ms: number) =>
  step(
    'impatient',
    (n: number, ctx) => new Promise<number>((resolve) => ctx.clock.after(ms, 'slow', () => resolve(n))),
    { timeoutMs: 10 },
  ).fallback(step('backup', (n: number) => n))

test('what a branch left running that had completed is not waited for when another one fails', async () => {
  for (const done of [
    impatient(500),
    parallel('inner', { soon: wait('soon', 5), impatient: impatient(500) }, { onBranchFailure: 'ignore' }),
  ]) {
    const { endedAtMs, events } = await runBranches(parallel('outer', { bad: fails('bad', 100), done }), 1)
    expect(endedAtMs).toBe(100)
    expect(events.map(({ event }) => event)).toEqual(['fallback', 'late'])
  }
})

test('what a branch left running that is cancelled is waited for, whatever its attempt then was', async () => {
  const slow = impatient(500).fallback(step('never', () => 1))
  const node = parallel('outer', {
    bad: fails('bad', 100),
    cancelled: parallel('inner', { slow, slower: wait('slower', 900) }),
  })
  const { endedAtMs } = await runBranches(node, 1)
  expect(endedAtMs).toBe(500)
})

test('what an inner node has abandoned is waited for by no node around it', async () => {
  const race = () =>
    parallel('race', { soon: wait('soon', 5), deaf: deaf('deaf', 500) }, { join: first(), settleMs: 20 })
  const node = parallel('outer', {
    bad: fails('bad', 100),
    more: parallel('middle', { race: race(), slow: wait('slow', 900) }),
  })
  const { endedAtMs, events } = await runBranches(node, 1)
  expect(endedAtMs).toBe(100)
  expect(events.map(({ event, path }) => [event, path])).toMatchObject([
    ['abandoned', 'outer/more/race'],
    ['late', expect.any(String)],
    ['late', 'outer/more/race/deaf'],
  ])
})
