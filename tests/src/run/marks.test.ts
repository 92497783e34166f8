import { createEngine, explainRun, memoryAudit, step } from 'shakedown'
import { expect, test } from 'vitest'
import { renderExplanation } from '../../../reporters/trail/render-explanation.ts'

const marking = (times: number) =>
  step(
    'poll',
    (_: number, { mark, attempt }) => {
      for (let n = 1; n <= times; n++) mark(`tick ${n}`)
      if (attempt === 1) throw new Error('not yet')
      mark('got it')
    },
    { retries: 1, backoff: { baseMs: 0 } },
  )

test('marks stand in the audit trail with their attempt, and in explain', async () => {
  const audit = memoryAudit()
  await createEngine({ audit }).run(marking(1), 0, { runId: 'r' })
  const trail = audit.trail('r')!
  expect(trail.eventRows.map(({ event, path, detail }) => [event, path, detail])).toEqual([
    ['mark', 'poll', { attempt: 1, name: 'tick 1' }],
    ['mark', 'poll', { attempt: 2, name: 'tick 1' }],
    ['mark', 'poll', { attempt: 2, name: 'got it' }],
  ])
  const [visit] = explainRun(trail).tokens[0]!.visits
  expect(visit?.attempts.map(({ events }) => events.length)).toEqual([1, 2])
  expect(renderExplanation(explainRun(trail), { color: false, columns: 100 })).toMatch(
    /poll: reached a mark\n.*name: tick 1/,
  )
})

test('a mark in a loop does not bury the rest of the trail', async () => {
  const audit = memoryAudit()
  await createEngine({ audit }).run(marking(700), 0, { runId: 'r' })
  const events = audit.trail('r')!.eventRows.map(({ event }) => event)
  expect(events.filter((event) => event === 'mark')).toHaveLength(1_000)
  expect(events.filter((event) => event === 'marks_left_out')).toHaveLength(1)
})

test('marks of an attempt that was given up, and those that are no names, do no harm', async () => {
  const audit = memoryAudit()
  let marks: ((name: string) => void) | undefined
  const node = step('s', (_: number, { mark }) => {
    marks = mark
    mark({ toString: null } as never)
  })
  await createEngine({ audit }).run(node, 0, { runId: 'r' })
  marks?.('late')
  expect(audit.trail('r')!.eventRows.map(({ detail }) => detail)).toEqual([{ attempt: 1, name: 'an object' }])
})
