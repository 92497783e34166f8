import { all, join, loop, pipeline, step } from 'shakedown'
import { expect, test } from 'vitest'
import { runAllInSim } from './all-in-sim.ts'

const paid = (name: string) =>
  step(name, (kind: string, { meter }) => {
    meter({ tokens: 1 })
    return kind
  })
const twice = loop('twice', paid('pay'), { until: (_, { iteration }) => iteration === 2, maxIterations: 2 })

test('what was spent on a token before a loop and in it is on the record of the join it comes to', async () => {
  const node = pipeline(
    'p',
    paid('first'),
    twice,
    paid('last'),
    join('meet', { key: () => 'one', branch: (kind: string) => kind, branches: ['a', 'b'], policy: all() }),
  )
  const { joins, result } = await runAllInSim(node, ['a', 'b'])
  expect(joins).toMatchObject([{ usage: { tokens: 8 } }])
  expect(result.totals).toMatchObject({ attempts: 8, usage: { tokens: 8 } })
})

test('attempts inside loops count in the totals of many items', async () => {
  const { result, audit } = await runAllInSim(twice, ['a', 'b', 'c'])
  expect(result.totals.attempts).toBe(6)
  expect(audit.records.at(-1)).toMatchObject({ kind: 'run-finished', attempts: 6 })
})
