import { createEngine, isControlSignal, pipeline, QuotaExceededError, step } from 'shakedown'
import { expect, test } from 'vitest'

test.each([
  [{ costUsd: 0.15 }, 'Cost limit of $0.15 exceeded'],
  [{ costUsd: 1.5 }, 'Cost limit of $1.5 exceeded'],
  [{ costUsd: 100 }, 'Cost limit of $100 exceeded'],
  [{ costUsd: 0 }, 'Cost limit of $0 exceeded'],
  [{ costUsd: 2e-8 }, 'Cost limit of $0.00000002 exceeded'],
  [{ tokens: 150 }, 'Token limit of 150 exceeded'],
  [{ tokens: 150, costUsd: 0.1 }, 'Cost limit of $0.1 exceeded; Token limit of 150 exceeded'],
])('%j is said as %s', (limits, message) => {
  expect(new QuotaExceededError(limits).message).toBe(message)
})

test('an exceeded quota that a step throws is a control signal: no retry, no fallback, and the run rejects with the partial result', async () => {
  let calls = 0
  const broke = step(
    'broke',
    (_: number, { meter }): number => {
      calls++
      meter({ costUsd: 0.2 })
      throw new QuotaExceededError({ costUsd: 0.15 })
    },
    { retries: 3 },
  ).fallback(step('backup', () => calls++))
  const node = pipeline(
    'p',
    step('first', () => 1),
    broke,
  )
  const thrown: unknown = await createEngine()
    .run(node, 0)
    .catch((error: unknown) => error)
  expect(isControlSignal(thrown)).toBe(true)
  expect(thrown).toMatchObject({
    name: 'QuotaExceededError',
    kind: 'quota',
    code: 'E_QUOTA',
    reason: 'quota_exceeded',
    result: {
      status: 'failed',
      feedback: 'Cost limit of $0.15 exceeded',
      history: [{ name: 'first' }, { name: 'broke', attempts: 1 }],
      totals: { usage: { costUsd: 0.2 } },
    },
  })
  expect(calls).toBe(1)
})
