import { z } from 'zod'
import type { ScenarioItem } from '../report/scenarios.ts'

/** A scenario's outcome, as the worker that ran it leaves it in its test's `task.meta`. */
export interface ScenarioMeta {
  readonly name: string
  /** No expectation was missed and no oracle violated. */
  readonly ok: boolean
  /** It proved nothing: a fault never fired, or the executor never ran. */
  readonly vacuous: boolean
  /** Time that passed on the simulated clock. */
  readonly virtualMs: number
  /** Time that really passed. */
  readonly wallMs: number
  readonly attempts: number
  readonly faultsFired: number
  /** Runs it left in the audit trail. */
  readonly runIds: string[]
  /** SHA-256 of the trace without wall time. */
  readonly digest: string
}

/** What this package keeps in a test's `task.meta`: the one channel from a worker's test to the reporter. */
export interface ShakedownMeta {
  scenario?: ScenarioMeta
}

declare module 'vitest' {
  interface TaskMeta {
    shakedown?: ShakedownMeta
  }
}

const scenarioMetaSchema: z.ZodType<ScenarioMeta> = z.object({
  name: z.string(),
  ok: z.boolean(),
  vacuous: z.boolean(),
  virtualMs: z.number().min(0),
  wallMs: z.number().min(0),
  attempts: z.int().min(0),
  faultsFired: z.int().min(0),
  runIds: z.array(z.string()),
  digest: z.string(),
})

/**
 * Reads the scenario out of a test's meta; `undefined` for an ordinary test.
 *
 * Meta crosses a process boundary and any test can write to it. What is malformed is left out of the scenarios:
 * the test it belongs to is reported in any case.
 *
 * @param file the scenario's file, relative to the project root
 */
export function scenarioIn(meta: { readonly shakedown?: unknown }, file: string): ScenarioItem | undefined {
  const { shakedown } = meta
  if (typeof shakedown !== 'object' || shakedown === null || !('scenario' in shakedown)) return undefined
  const parsed = scenarioMetaSchema.safeParse(shakedown.scenario)
  if (!parsed.success) return undefined
  const { ok, vacuous, ...measured } = parsed.data
  return { file, ...measured, status: vacuous ? 'vacuous' : ok ? 'passed' : 'failed' }
}
