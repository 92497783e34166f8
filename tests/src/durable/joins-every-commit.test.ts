import { createEngine, first, join, parallel, pipeline, quorum, type RunTrail, step } from 'shakedown'
import { expect, test } from 'vitest'
import { photographed } from './photographed.ts'

const after = (ms: number, name: string) =>
  step(name, async (topic: string, ctx) => {
    await ctx.sleep(ms)
    return `${topic}, ${name}`
  })
const fails = step('fails', (_: string): string => {
  throw new Error('out of ink')
})

/** Joins that go on without a branch, in a row, and one that an item comes to alone. */
const meetings = () =>
  pipeline(
    'meetings',
    parallel(
      'some',
      { slow: after(60_000, 'slow'), a: after(1, 'a'), fails, b: after(10, 'b') },
      { join: quorum(2) },
    ),
    step('both', (given) => Object.keys(given).join('+')),
    parallel('one', { slow: after(60_000, 'slow'), quick: after(1, 'quick') }, { join: first() }),
    step('only', ({ quick }) => quick ?? 'nobody'),
    parallel('strict', { slow: after(60_000, 'slow'), fails }).fallback(step('plain', (topic) => topic)),
    join('alone', { key: () => 'k', branch: () => 'x', branches: ['x', 'y'], policy: quorum(1) }),
  )

/** Each join with what came of it, and every token's fate. */
function told({ joinRows, outcomeRows, tokenRows }: RunTrail) {
  return {
    joins: joinRows.map(({ joinGroup, status, arrived, missing, lost, reason }) => {
      return [joinGroup, status, arrived.map(({ branch }) => branch), missing, lost.length, reason]
    }),
    fates: outcomeRows.map(({ tokenId, outcome }) => `${tokenId} ${outcome}`).toSorted(),
    tokens: tokenRows.map(({ tokenId, parentIds }) => [tokenId, parentIds]),
  }
}

test('killed after any of its commits, a durable run resolves each of its joins as it did in one life, once', async () => {
  const { copies, audit } = photographed()
  const whole = await createEngine({ audit }).run(meetings(), 'tides', { runId: 'r', durable: true })
  expect(whole).toMatchObject({ status: 'completed', output: { x: 'a+b, quick' } })
  const wholeTrail = audit.trail('r')!
  await audit.close()
  expect(wholeTrail.joinRows).toHaveLength(4)
  expect(copies.length).toBeGreaterThan(3)
  for (const [at, copy] of copies.slice(0, -1).entries()) {
    await using engine = createEngine({ audit: copy, pipelines: [meetings()] })
    const [recovery] = await engine.recover()
    expect({ at, recovery }).toMatchObject({
      at,
      recovery: { kind: 'carried-on', result: { status: 'completed', output: whole.output } },
    })
    expect({ at, ...told(engine.audit!.trail('r')!) }).toEqual({ at, ...told(wholeTrail) })
    expect(engine.audit!.conservation()).toMatchObject({ ok: true, open: [] })
  }
})
