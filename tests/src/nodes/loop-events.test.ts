import { AbortSignalled, loop, step } from 'shakedown'
import { expect, test } from 'vitest'
import { runInSim } from '../../support/in-sim.ts'

const COMPLETED = { iteration: 1, status: 'completed' }

test.each([
  [
    'throws',
    (): boolean => {
      throw new Error('no')
    },
    'until_failed',
    [COMPLETED],
  ],
  ['gives no boolean', () => 1 as never, 'until_failed', [COMPLETED]],
  [
    'aborts',
    (): boolean => {
      throw new AbortSignalled(new Error('enough'))
    },
    undefined,
    [COMPLETED],
  ],
  ['is met', () => true, 'condition', [{ ...COMPLETED, met: true }]],
  ['is not met', () => false, 'max_iterations', [{ ...COMPLETED, met: false }]],
])(
  'an iteration that has completed is on record when `until` %s',
  async (_what, until, exitReason, events) => {
    const node = loop(
      'l',
      step('s', () => 1),
      { until, maxIterations: 1 },
    )
    const { result, audit } = await runInSim(node, 0)
    expect(result.metadata).toEqual({ ...(exitReason && { exitReason }), iterations: 1, stepAttempts: 1 })
    expect(audit.records.flatMap((record) => (record.kind === 'event' ? [record.detail] : []))).toEqual(
      events,
    )
  },
)
