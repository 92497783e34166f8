import { pipeline, step, withHooks } from 'shakedown'
import { fault, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { deafCalls } from '../../../../harness/run/judge/deaf-calls.ts'
import { remarksOn, replacedRemark } from '../../../../harness/run/judge/remarks.ts'
import type { Departure, Observation } from '../../../../harness/scenario/observation.ts'
import { observationOf, scenarioOf } from './observation.ts'

const openCall = (point: string, settledAtMs: number | null) => ({ point, nth: 2, settledAtMs })

function departure(...open: readonly object[]): Departure {
  return { atMs: 50, callsBefore: open.length, open } as unknown as Departure
}

test('a call is deaf when it settles after its caller left, or never', () => {
  const open = [openCall('fn:ears', 50), openCall('fn:slow', 51), openCall('fn:lost', null)]
  const advice = 'Give it the signal, if it takes one.'
  expect(deafCalls(departure(...open))).toEqual([
    {
      code: 'E_DEAF',
      at: ['abort'],
      message: `fn:slow (call 2) heard no abort: its caller left at 50 ms, and it went on until 51 ms. ${advice}`,
    },
    {
      code: 'E_DEAF',
      at: ['abort'],
      message: `fn:lost (call 2) heard no abort: its caller left at 50 ms, and it never settled. ${advice}`,
    },
  ])
  expect(deafCalls(null)).toEqual([])
})

test('of a subject that never settled, only the calls that heard no abort are remarked', () => {
  const codesOf = (end: Observation['end']): string[] => {
    const observation = observationOf({
      departure: departure(openCall('fn:lost', null)),
      scenario: scenarioOf('function', { expect: { calls: { 'fn:lots': 0 } } }),
      wrapped: new Set(['lost']),
      end,
    })
    return remarksOn(observation).map(({ code }) => code)
  }
  expect(codesOf({ kind: 'stalled', open: [] })).toEqual(['E_DEAF'])
  expect(codesOf({ kind: 'settled' })).toEqual(['E_DEAF', 'E_UNKNOWN_POINT'])
})

test('what was replaced is listed, at most five of it', () => {
  expect(replacedRemark([])).toEqual([])
  const told = (names: string): object => ({
    code: 'E_INTRINSICS',
    message: `While the scenario ran, ${names} had been replaced. The verdict was reached with the originals, and what the scenario replaced was put back after it.`,
  })
  expect(replacedRemark(['Object.is', 'Math.abs'])).toEqual([told('Object.is, Math.abs')])
  expect(replacedRemark(['a', 'b', 'c', 'd', 'e', 'f'])).toEqual([told('a, b, c, d, e')])
})

test('hooks that threw are remarked on with their texts, although the scenario passed', async () => {
  const broken = withHooks(
    pipeline(
      'p',
      step('s', () => 1),
    ),
    {
      preStep: () => {
        throw new Error('no connection to the metrics')
      },
    },
  )
  const verdict = await runScenario(
    scenario('hooked').subject(broken).on('step:s', fault.delay(1)).expect({ output: 1 }),
  )
  expect(verdict).toMatchObject({
    ok: true,
    remarks: [
      {
        code: 'E_HOOK_ERROR',
        message: expect.stringContaining('(preStep at p/s: no connection to the metrics)') as string,
      },
    ],
  })
})
