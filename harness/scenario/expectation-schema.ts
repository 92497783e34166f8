import * as z from '../../src/base/zod.ts'
import type { AttemptRecord, EventKind, Outcome } from '../../src/index.ts'
import { EVENT_KINDS } from '../../src/run/kinds.ts'
import {
  amount,
  count,
  json,
  named,
  numberMatcher,
  partial,
  some,
  strict,
  textMatcher,
  word,
} from './schema-parts.ts'

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
const EVENTS = Object.fromEntries(EVENT_KINDS.map((event) => [event, rows])) as Readonly<
  Record<EventKind, typeof rows>
>
const ATTEMPT_STATUSES: Readonly<Record<AttemptRecord['status'], typeof rows>> = {
  completed: rows,
  failed: rows,
  cancelled: rows,
  interrupted: rows,
}

const errorShape = {
  name: textMatcher.optional(),
  message: textMatcher.optional(),
  code: textMatcher.optional(),
}

/** What can be said of the calls to a point. */
export const callsMatcher = some({
  count: numberMatcher.meta({ description: 'How many calls there are.' }).optional(),
  inputs: z
    .union(
      [z.enum(['same', 'distinct'], 'same or distinct'), z.array(json, 'a list, one value for each call')],
      'same, distinct or a list with one value for each call',
    )
    .meta({
      description:
        'What each call got, in order. At `fn:` points its arguments as a list, or the argument itself where there is one and it is no list; a trailing signal is left out. At `step:` points its input; at `http:` points the URL, or part of `{ method, url, headers, body }`. Or `same` or `distinct` among all calls.',
      examples: [[{ id: 7 }, { id: 7 }], 'same'],
    })
    .optional(),
  headers: named(
    textMatcher.nullable(),
    'Header of a request → what it is in each call; `null` for not sent; `same` or `distinct` among all calls, as of an idempotency key.',
  ).optional(),
  perRequest: numberMatcher
    .meta({
      description:
        'How many calls there are for each request: of each caller, where every one of them makes at least one with ports of its own; otherwise the calls divided by the callers, of whom there is one where nothing else is said.',
      examples: [{ max: 3 }],
    })
    .optional(),
  inFlight: numberMatcher
    .meta({ description: 'How many calls were under way when most of them were.', examples: [{ max: 2 }] })
    .optional(),
  window: strict({
    ms: amount.gt(0, 'a number above 0').meta({ description: 'Virtual milliseconds.' }),
    max: count.meta({ description: 'Most calls that may begin within.' }),
  })
    .meta({
      description:
        'Most calls that may begin within any so many virtual milliseconds; what begins at their end is not within.',
      examples: [{ ms: 1000, max: 10 }],
    })
    .optional(),
  gapsMs: z
    .union(
      [numberMatcher, z.array(numberMatcher, 'a list of numbers or ranges')],
      'a number, { min, max } or a list of them',
    )
    .meta({
      description:
        'Virtual milliseconds from the beginning of one call to that of the next: of every gap, or a list of all.',
      examples: [[100, 200, 400], { min: 100 }],
    })
    .optional(),
  aborted: numberMatcher
    .meta({ description: 'How many calls had a signal that aborted before they had settled.' })
    .optional(),
})

/** What must hold afterwards. */
export const expectation = strict({
  status: z
    .enum(
      ['completed', 'failed', 'paused', 'cancelled', 'skipped'],
      'completed, failed, paused, cancelled or skipped',
    )
    .meta({
      description:
        "The run's status. A function is `completed` when it resolved, `failed` when it threw, and `cancelled` when its caller left and it threw an AbortError or the reason; `paused` and `skipped` are of pipelines. Left out: it has to complete, unless `error` or `feedback` says that it fails or the caller leaves.",
    })
    .optional(),
  output: json.meta({ description: 'The output, deeply equal.' }).optional(),
  outputMatches: partial
    .meta({
      description:
        'What the output must hold: keys that are not written are free at every depth. Beside a text, { contains } and { matches } are matchers of it; beside a number, { min, max } is a range.',
      examples: [{ id: { matches: '^order-' }, total: { min: 1 } }],
    })
    .optional(),
  error: some({
    ...errorShape,
    causes: z
      .array(some(errorShape), 'a list of { name, message, code }')
      .min(1, 'at least one of { name, message, code }')
      .meta({
        description:
          'Errors that are below it, at any depth: a cause, or one of those that an AggregateError collects.',
        examples: [[{ code: 'ECONNRESET' }]],
      })
      .optional(),
  })
    .meta({ description: 'The error it failed with.' })
    .optional(),
  feedback: textMatcher
    .nullable()
    .meta({
      description: 'Text for people on why it failed, of a function the message of its error; null for none.',
    })
    .optional(),
  attempts: named(numberMatcher, 'Step name → attempts that ran.').optional(),
  calls: named(
    z.union([numberMatcher, callsMatcher], 'a number from 0, { min, max } or { count, inputs, … }'),
    'Boundary point → calls that reached it: how many, or more about them.',
  ).optional(),
  marks: named(
    numberMatcher,
    'Mark → how often it was reached: `ports.mark(name)` in a function, `ctx.mark(name)` in a step.',
  ).optional(),
  sometimes: z
    .array(word.min(1, 'the name of a mark'), 'a list of marks')
    .min(1, 'at least one mark')
    .meta({
      description:
        'Marks that at least one row of the table (`with`) must reach, each; a test of its own says so.',
      examples: [['probe']],
    })
    .optional(),
  order: points.optional(),
  usage: some({
    costUsd: numberMatcher.meta({ description: 'In US dollars.' }).optional(),
    tokens: numberMatcher.meta({ description: 'As metered by the steps.' }).optional(),
  })
    .meta({ description: 'Cost and tokens, summed over all attempts.' })
    .optional(),
  virtualMs: numberMatcher.meta({ description: 'Virtual milliseconds from start to settlement.' }).optional(),
  context: named(json, "Keys the run's final context must hold; other keys are free.").optional(),
  metadata: named(json, "Keys the result's metadata must hold; other keys are free.").optional(),
  children: named(
    partial,
    "What the results of the parts must hold, by part: `primary`, `fallback`, a pipeline's nodes; other keys are free at every depth.",
  ).optional(),
  audit: some({
    outcomes: some(OUTCOMES).meta({ description: 'Outcome → terminal outcomes of that kind.' }).optional(),
    events: some(EVENTS).meta({ description: 'Event → rows of that kind.' }).optional(),
    attempts: some(ATTEMPT_STATUSES)
      .meta({ description: 'Attempt status → rows of that status.' })
      .optional(),
  })
    .meta({ description: 'Rows of the audit trail, counted.' })
    .optional(),
})
