import * as z from '../../src/base/zod.ts'
import type { AttemptRecord, EventKind, Outcome } from '../../src/index.ts'
import { count, json, named, numberMatcher, strict, textMatcher, word } from './schema-parts.ts'

const points = z
  .array(word, 'a list of boundary points')
  .meta({ description: 'Boundary points in the order they were called, all of them.' })

const rows = count.optional()

// Every word the audit trail has, and no other: the compiler holds them to it. A misspelt one that is expected 0 times
// would hold for ever.
const OUTCOMES: Readonly<Record<Outcome, typeof rows>> = {
  completed: rows,
  forked: rows,
  coalesced: rows,
  failed: rows,
  quarantined: rows,
  cancelled: rows,
}
const EVENTS: Readonly<Record<EventKind, typeof rows>> = { fallback: rows, late: rows }
const ATTEMPT_STATUSES: Readonly<Record<AttemptRecord['status'], typeof rows>> = {
  completed: rows,
  failed: rows,
  cancelled: rows,
  interrupted: rows,
}

/** What must hold afterwards. */
export const expectation = strict({
  status: z
    .enum(
      ['completed', 'failed', 'paused', 'cancelled', 'skipped'],
      'completed, failed, paused, cancelled or skipped',
    )
    .meta({
      description: "The run's status. A function is completed when it resolved and failed when it threw.",
    })
    .optional(),
  output: json.meta({ description: 'The output, deeply equal.' }).optional(),
  error: strict({
    name: textMatcher.optional(),
    message: textMatcher.optional(),
    code: textMatcher.optional(),
  })
    .meta({ description: 'The error it failed with.' })
    .optional(),
  feedback: textMatcher
    .nullable()
    .meta({ description: 'Text for people on why it failed; null for none.' })
    .optional(),
  attempts: named(numberMatcher, 'Step name → attempts that ran.').optional(),
  calls: named(numberMatcher, 'Boundary point → calls that reached it.').optional(),
  order: points.optional(),
  usage: strict({ costUsd: numberMatcher.optional(), tokens: numberMatcher.optional() })
    .meta({ description: 'Cost and tokens, summed over all attempts.' })
    .optional(),
  virtualMs: numberMatcher.meta({ description: 'Virtual milliseconds from start to settlement.' }).optional(),
  context: named(json, "Keys the run's final context must hold; other keys are free.").optional(),
  metadata: named(json, "Keys the result's metadata must hold; other keys are free.").optional(),
  children: named(
    json,
    "What the results of the parts must hold, by part: `primary`, `fallback`, a pipeline's nodes; other keys are free at every depth.",
  ).optional(),
  audit: strict({
    outcomes: strict(OUTCOMES).meta({ description: 'Outcome → terminal outcomes of that kind.' }).optional(),
    events: strict(EVENTS).meta({ description: 'Event → rows of that kind.' }).optional(),
    attempts: strict(ATTEMPT_STATUSES)
      .meta({ description: 'Attempt status → rows of that status.' })
      .optional(),
  })
    .meta({ description: 'Rows of the audit trail, counted.' })
    .optional(),
})
