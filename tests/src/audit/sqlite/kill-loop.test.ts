import { expect, test } from 'vitest'
import { killLoop } from './kill-loop.ts'

test.for([
  ['a store loses nothing that it said is committed', 'record-until-killed.ts'],
  ['an engine loses nothing that led to a step it has started', 'run-until-killed.ts'],
] as const)('killed at any instant, %s', { timeout: 120_000 }, async ([, victim]) => {
  const { reported, lost, complaints } = await killLoop(8, victim)
  // Were nothing reported, nothing could be lost.
  expect(reported).toBeGreaterThan(0)
  expect({ lost, complaints }).toEqual({ lost: 0, complaints: [] })
})
