import { expect, test } from 'vitest'
import { FaultPlan } from '../../../../harness/faults/play/plan.ts'
import { Boundaries } from '../../../../harness/run/boundary/boundaries.ts'
import { SimWorld } from '../../../../harness/world/sim-world.ts'

test('a scenario whose calls have no end is stopped in words, and its real function is not called again', () => {
  const boundaries = new Boundaries(new SimWorld(), new FaultPlan([]))
  const call = { point: 'fn:loop', path: 'loop', tokenId: 't1', visit: 1, input: null, signal: undefined }
  let calls = 0
  const cross = (): unknown => boundaries.cross(call as never, () => calls++)
  for (let nth = 1; nth <= 100_000; nth++) cross()
  expect(cross).toThrow(new RangeError('Expected at most 100000 calls in one scenario, got more.'))
  expect(calls).toBe(100_000)
})
