import { didYouMean, nearest } from '../../../src/base/nearest.ts'
import { stepNamesIn } from '../../oracles/plan-walk.ts'
import { adapterIn, adapterPoint } from '../../faults/points/adapter.ts'
import { kindOf } from '../../faults/points/points.ts'
import type { Observation } from '../../scenario/observation.ts'
import type { Expectation } from '../../scenario/expectation.ts'
import { expectedPoint } from '../../scenario/points-of.ts'
import type { Problem, Remark } from '../../scenario/verdict.ts'

type Counts = Pick<Expectation, 'attempts' | 'calls'>

/** What only the run of a pipeline has. */
const OF_PIPELINES = ['usage', 'context', 'metadata', 'children', 'audit'] as const

const NO_REMARKS: readonly Remark[] = []

/** Names shown of a subject that has many. */
const LISTED_MAX = 10

/**
 * What is wrong with a key that names no step of the pipeline: whatever is expected of it, it is expected of nothing.
 * `undefined` for a name that there is, and for functions, which may wrap further ones in another run.
 */
export function unknownStep(
  { plan, calls, scenario }: Observation,
  key: 'attempts' | 'calls',
  written: string,
): Problem | undefined {
  if (plan === undefined) return undefined
  const names = stepNamesIn(plan)
  const name = key === 'attempts' ? written : nameOfPart(scenario.spec.expect, written, calls)
  if (name === undefined || names.has(name)) return undefined
  const listed = [...names].slice(0, LISTED_MAX).join(', ')
  return {
    code: 'E_EXPECT',
    message: `Expected ${key} to name a step or an adapter of the subject, which has ${listed}; got \`${name}\`.${didYouMean(name, names)}`,
    at: ['expect', key, written],
  }
}

/** The name in a point that only a step can be; `undefined` for requests and for what was called. */
function nameOfPart(expect: Expectation, written: string, calls: Observation['calls']): string | undefined {
  const { kind, name } = expectedPoint(expect, written).pattern
  const isCalled = calls.some(({ point }) => point === `${kind}:${name}`)
  if (isCalled || kindOf(written)?.isRequest === true) return undefined
  return kind === adapterPoint.kind ? adapterIn(name) : name
}

/** Every expectation that only a pipeline can meet: of a function it would hold, or fail, for no reason. */
export function notOfFunctions({ scenario }: Observation): readonly Problem[] {
  const { expect } = scenario.spec
  return OF_PIPELINES.flatMap((key) =>
    expect[key] === undefined
      ? []
      : [
          {
            code: 'E_EXPECT',
            message: `Expected the subject to be a pipeline or a step, because the scenario expects \`${key}\` of it; got a function.`,
            at: ['expect', key],
          },
        ],
  )
}

/**
 * Names of functions that are expected 0 times and that the subject never wrapped, when one is near that it did wrap. It
 * may wrap them only where it needs them, so this is no more than a remark.
 */
export function misspeltRemarks({ scenario, wrapped }: Observation): readonly Remark[] {
  // Nothing that could have been meant: so it is for every pipeline.
  if (wrapped.size === 0) return NO_REMARKS
  const { expect } = scenario.spec
  const { attempts = {}, calls = {} }: Counts = expect
  const points = new Map<string, readonly string[]>([
    ...Object.keys(calls).flatMap((point) =>
      kindOf(point)?.isFunction === true
        ? [[expectedPoint(expect, point).pattern.name, ['calls', point]] as const]
        : [],
    ),
    ...Object.keys(attempts).map((name) => [name, ['attempts', name]] as const),
  ])
  return [...points].flatMap(([name, key]) => {
    const meant = wrapped.has(name) ? undefined : nearest(name, wrapped)
    return meant === undefined || points.has(meant)
      ? []
      : [
          {
            code: 'E_UNKNOWN_POINT',
            message: `The scenario counts \`${name}\`, and the subject wrapped no function of that name. Did you mean \`${meant}\`?`,
            at: ['expect', ...key],
          },
        ]
  })
}
