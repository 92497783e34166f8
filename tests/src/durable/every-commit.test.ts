import {
  choose,
  conversation,
  createEngine,
  first,
  loop,
  parallel,
  pipeline,
  type RunResult,
  type RunTrail,
  step,
  type StepContext,
} from 'shakedown'
import { expect, test } from 'vitest'
import { photographed } from './photographed.ts'

/** A pipeline of everything, whose calls are counted by what they did. */
function busy() {
  const calls = new Map<string, number>()
  const note = ({ path }: StepContext): void => void calls.set(path, (calls.get(path) ?? 0) + 1)
  const work = (name: string) =>
    step(name, (n: number, ctx) => {
      note(ctx)
      ctx.meter({ costUsd: 1, tokens: 1 })
      ctx.context.append('seen', name)
      return n + 1
    })
  const failing = step('failing', (_: number, ctx): number => {
    ctx.meter({ costUsd: 1 })
    note(ctx)
    throw new Error('never')
  })
  const node = pipeline(
    'busy',
    work('one'),
    failing.fallback(work('backup')),
    parallel('both', {
      a: pipeline('a', work('a1'), work('a2')),
      b: loop('rounds', work('round'), { until: (n) => n >= 6, maxIterations: 9 }),
    }),
    step('sum', ({ a, b }: { a: number; b: number }) => a * 100 + b),
    pipeline(
      'rest',
      choose('size', (n: number) => (n > 100 ? 'big' : 'small'), { big: work('big'), small: work('small') }),
      parallel(
        'race',
        { slow: pipeline('slow', work('slow 1'), work('slow 2')), quick: work('quick') },
        { join: first() },
      ),
      step('text', (given: object) => `after ${JSON.stringify(given)}`),
      conversation(
        'chat',
        step('say', (text: string, ctx) => {
          note(ctx)
          const turns = ctx.context.get('chat') as readonly unknown[]
          return turns.length > 3 ? 'done' : `${text}+`
        }),
        { maxIterations: 9 },
      ),
      step('end', (text: string, ctx) => {
        note(ctx)
        return text
      }),
    ),
  )
  return { calls, node }
}

/** What two lives have to come to, as one does; not when. */
function shape({ output, status, context, totals }: RunResult) {
  return { output, status, context, usage: totals.usage, steps: totals.steps }
}

/** What a trail says, without times and without what a crash adds. */
function told({ tokenRows, outcomeRows, joinRows, stepRows, eventRows, attemptRows }: RunTrail) {
  return {
    tokens: tokenRows.map(({ tokenId, branch, parentIds }) => [tokenId, branch, parentIds]),
    outcomes: outcomeRows.map(({ tokenId, outcome }) => `${tokenId} ${outcome}`).toSorted(),
    joins: joinRows.map(({ joinGroup, status, output }) => [joinGroup, status, output]),
    steps: stepRows
      .map(({ path, visit, tokenId, usage }) => `${tokenId} ${path} ${visit} ${usage.costUsd}`)
      .toSorted(),
    events: eventRows.map(({ event, path, visit }) => `${event} ${path} ${visit}`).toSorted(),
    attempts: attemptRows
      .filter(({ status }) => status !== 'interrupted')
      .map(({ path, visit, status }) => `${path} ${visit} ${status}`)
      .toSorted(),
  }
}

const keyOf = ({ path, visit, attempt }: { path: string; visit: number; attempt: number }): string =>
  `${path} ${visit} ${attempt}`

/** Attempts that were not interrupted, by path. */
function endedAttempts({ attemptRows }: RunTrail): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { path, status } of attemptRows)
    if (status !== 'interrupted' && !/(sum|text)$/.test(path)) counts.set(path, (counts.get(path) ?? 0) + 1)
  return counts
}

test('killed after any of its commits, a durable run comes to what it comes to in one life', async () => {
  const { copies, audit } = photographed()
  const { node } = busy()
  const whole = await createEngine({ audit }).run(node, 0, { runId: 'r', durable: true })
  expect(whole).toMatchObject({ status: 'completed' })
  const wholeTrail = audit.trail('r')!
  await audit.close()
  // The last one has the end of the run.
  expect(copies.length).toBeGreaterThan(8)
  let interrupted = 0
  for (const [at, copy] of copies.slice(0, -1).entries()) {
    const again = busy()
    await using engine = createEngine({ audit: copy, pipelines: [again.node] })
    const before = engine.audit!.trail('r')!
    const [recovery] = await engine.recover()
    expect({ at, recovery }).toMatchObject({ at, recovery: { kind: 'carried-on' } })
    if (recovery?.kind !== 'carried-on') continue
    const trail = engine.audit!.trail('r')!
    expect({ at, ...shape(recovery.result) }).toEqual({ at, ...shape(whole) })
    expect({ at, ...told(trail) }).toEqual({ at, ...told(wholeTrail) })
    expect(trail.startRows.map(keyOf).toSorted()).toEqual(trail.attemptRows.map(keyOf).toSorted())
    expect(trail.attempts).toBe(trail.attemptRows.length)
    // Called in the second life is what was not done in the first.
    for (const [path, ended] of endedAttempts(trail))
      expect({ at, path, calls: again.calls.get(path) ?? 0 }).toEqual({
        at,
        path,
        calls: ended - (endedAttempts(before).get(path) ?? 0),
      })
    expect(engine.audit!.conservation()).toMatchObject({ ok: true, open: [] })
    interrupted += trail.attemptRows.filter(({ status }) => status === 'interrupted').length
  }
  expect(interrupted).toBeGreaterThan(0)
})
