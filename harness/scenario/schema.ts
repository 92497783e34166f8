import * as z from '../../src/base/zod.ts'
import { LIMITS, TEST_REAL_MS_MAX, TEST_SHARE } from '../world/limits.ts'
import { pointKinds, verbNames } from '../faults/points/points.ts'
import { expectation } from './expectation-schema.ts'
import { holdsForAnything } from './holds-for-anything.ts'
import { amount, json, positive, strict, word } from './schema-parts.ts'

// For editors: a column of a table may stand anywhere in a text. What the patterns let through, the loader reads.
const COLUMN = '\\$\\{'
/** How a point begins. */
const POINT_PATTERN = `^(?:${pointKinds.join('|')})\\b|${COLUMN}`
/** How a program begins: `2%`, `3*`, a verb. */
const PROGRAM_PATTERN = `^\\s*(?:[\\d.]+\\s*%\\s*)?(?:(?:\\d+|inf)\\s*\\*\\s*)?(?:${verbNames().join('|')})\\b|${COLUMN}`
const PROGRAM = `What happens there, call by call: \`[P%][N*|inf*]verb(arguments)[@ms]\`, one after the other with \`->\`; the last repeats. Verbs: ${verbNames().join(', ')}.`

/** Longest name: it is shown on one line of every report. */
const NAME_LENGTH_MAX = 200
/** Most rows of one table; a scenario that needs more is a job for exploration. */
export const ROWS_MAX = 1000
/** Most callers of one phase, and most phases: a load test is another tool's job. */
const CALLERS_MAX = 1000
const PHASES_MAX = 100
/** Seeds are the 32 bits that a seeded generator starts from. */
const SEED_MAX = 0xffff_ffff

const moment = z.union(
  [amount, strict({ at: word }), strict({ during: z.literal('backoff', 'backoff') })],
  'virtual milliseconds, { at: a boundary point } or { during: backoff }',
)

const callers = z.union(
  [
    positive.max(CALLERS_MAX, `a whole number from 1 to ${CALLERS_MAX}`),
    z
      .array(
        strict({
          input: json
            .meta({ description: 'What it calls with. Default: the input of the scenario.' })
            .optional(),
          atMs: amount
            .meta({
              description:
                'When it calls, in virtual milliseconds from the beginning of its phase. Default 0.',
            })
            .optional(),
          abort: moment
            .meta({ description: 'When it leaves; milliseconds count from its call. Default: never.' })
            .optional(),
        }),
        'a list of callers',
      )
      .min(1, `a list of 1 to ${CALLERS_MAX} callers`)
      .max(CALLERS_MAX, `a list of 1 to ${CALLERS_MAX} callers`),
  ],
  'a number of callers, or a list of { input, atMs, abort }',
)

const phase = strict({
  waitMs: amount
    .meta({ description: 'Virtual milliseconds that pass before it begins. Default 0.' })
    .optional(),
  input: json
    .meta({ description: 'What its callers call with. Default: the input of the scenario.' })
    .optional(),
  callers: callers.meta({ description: 'So many at once, or a list. Default 1.' }).optional(),
})

/** One document of a scenario file, after its table has been filled in. */
export const scenarioDocumentSchema = strict({
  name: z
    .string(`text of 1 to ${NAME_LENGTH_MAX} characters on one line`)
    .regex(
      new RegExp(`^\\S(?:[^\\n\\r]{0,${NAME_LENGTH_MAX - 2}}\\S)?$`),
      `text of 1 to ${NAME_LENGTH_MAX} characters on one line`,
    )
    .meta({
      description: 'The promise this scenario holds the subject to.',
      examples: ['retries ride out two resets'],
    }),
  subject: z
    .string('`./file.ts#export`')
    .regex(/^\.\.?\/[^#]+#[\p{ID_Start}$_][\p{ID_Continue}$]*$/u, '`./file.ts#export`')
    .meta({
      description:
        'A pipeline or step, or any function called as (input, ports) => result: `./file.ts#export`.',
      examples: ['./orders.ts#sendOrder'],
    })
    .optional(),
  input: json
    .meta({ description: 'What the subject is called with: a copy of it. Default: nothing.' })
    .optional(),
  faults: z
    .record(
      z.string().meta({
        pattern: POINT_PATTERN,
        description: 'A boundary point: `fn:save`, `step:draft#2`, `http:POST /orders`.',
      }),
      z.string('a fault program').meta({ pattern: PROGRAM_PATTERN, description: PROGRAM }),
      'a mapping of boundary points to fault programs',
    )
    .meta({
      description: 'Boundary point → what happens there, call by call. The last step of a program repeats.',
      examples: [{ 'step:draft': '3*reject(ECONNRESET) -> off', 'http:POST /orders#2': 'status(503)' }],
    })
    .default({}),
  expect: expectation
    .meta({ description: 'What must hold afterwards; a key left out is not checked.' })
    .default({}),
  seed: z
    .int(`an integer from 0 to ${SEED_MAX}`)
    .min(0, `an integer from 0 to ${SEED_MAX}`)
    .max(SEED_MAX, `an integer from 0 to ${SEED_MAX}`)
    .meta({ description: 'Seed of the simulated world. Same seed, same run.' })
    .default(1),
  http: z
    .enum(['ports', 'nock'], 'ports or nock')
    .meta({
      description: 'How http faults reach the subject: through `ports.fetch`, or below any client by nock.',
    })
    .default('ports'),
  timers: z
    .enum(['ports', 'global'], 'ports or global')
    .meta({
      description:
        'Whose timers run in virtual time: the global ones too (the default of functions), or only those of `ports.clock` and of the engine (the default of pipelines).',
    })
    .optional(),
  abort: moment
    .meta({
      description:
        "When the caller leaves: `ports.signal`, or the signal of a pipeline's run, aborts. After virtual milliseconds, while a call is made, or while the subject waits between a failed call and the next. Default: never.",
      examples: [50, { at: 'fn:save#2' }, { during: 'backoff' }],
    })
    .optional(),
  callers: callers
    .meta({
      description:
        'Several callers of a function: so many at once, or a list. The output is then the list of what each of them got; one that was thrown an error has `{ error: { name, message, code } }`.',
      examples: [3, [{ input: 1 }, { input: 2, atMs: 100 }]],
    })
    .optional(),
  phases: z
    .array(phase, 'a list of phases')
    .min(1, `a list of 1 to ${PHASES_MAX} phases`)
    .max(PHASES_MAX, `a list of 1 to ${PHASES_MAX} phases`)
    .meta({
      description:
        'Groups of callers, one after the other; what the function keeps is kept between them. The output is the list of what all of them got.',
      examples: [[{ callers: 5 }, { waitMs: 30_000 }]],
    })
    .optional(),
  crash: moment
    .meta({
      description:
        'When the process dies: what it had called never comes back, the function is imported afresh and called again, with what `ports.store` has kept. Default: never.',
      examples: [{ at: 'fn:send#2' }],
    })
    .optional(),
  background: z
    .boolean('true or false')
    .meta({
      description:
        'The function goes on calling out after it has answered, as a cache that refreshes itself does. Default false: such a call, and a timer that goes on for ever, is a problem.',
    })
    .optional(),
  limits: strict({
    calls: positive
      .meta({ description: `Most calls to boundary points. Default ${LIMITS.calls}.` })
      .optional(),
    jumps: positive
      .meta({ description: `Most jumps of virtual time, each to the next timer. Default ${LIMITS.jumps}.` })
      .optional(),
    virtualMs: positive
      .meta({ description: `Longest virtual time, in milliseconds. Default ${LIMITS.virtualMs}, ten years.` })
      .optional(),
    realMs: positive
      .meta({
        description: `Longest real time that real work may hold virtual time, in milliseconds. Default ${LIMITS.realMs}, below the 5 s that Vitest gives a test of your own; in a scenario file, ${TEST_SHARE} of the timeout of its test, at most ${TEST_REAL_MS_MAX}.`,
      })
      .optional(),
  })
    .meta({ description: 'Where the scenario is given up.', examples: [{ calls: 500, virtualMs: 60_000 }] })
    .optional(),
  repeatable: z
    .boolean('true or false')
    .meta({
      description:
        'Whether a second execution with the same seed must leave the same trace. Default true for pipelines; for functions, and for pipelines with several real jobs under way at once, a difference is only remarked.',
    })
    .optional(),
  with: z
    .array(z.record(z.string(), json, 'a mapping of column names to values'), 'a list of rows')
    .min(1, `a list of 1 to ${ROWS_MAX} rows`)
    .max(ROWS_MAX, `a list of 1 to ${ROWS_MAX} rows`)
    .meta({
      description:
        'Rows to run the scenario with, one test each. `${column}` stands for a value of the row in every key and text of the scenario; a text that is nothing else takes the value as it is. `$${` writes a plain `${`.',
      examples: [[{ status: 503, calls: 3 }]],
    })
    .optional(),
  only: z.boolean('true or false').meta({ description: 'Run only this one while working on it.' }).optional(),
  skip: z
    .union([z.boolean(), z.string().min(1, 'true, false or a reason')], 'true, false or a reason')
    .meta({ description: 'Do not run it, and say why.', examples: ['waits for the new client'] })
    .optional(),
})
  .refine(({ callers: several, phases }) => several === undefined || phases === undefined, {
    error: 'left out where there are `phases`, each with its own callers',
    path: ['callers'],
  })
  .refine(({ abort, callers: several, phases }) => abort === undefined || (several ?? phases) === undefined, {
    error: 'said of the one that leaves: `callers: [{ abort: 50 }]`',
    path: ['abort'],
  })
  .refine(({ abort, crash }) => abort === undefined || crash === undefined, {
    error: 'left out where there is a `crash`',
    path: ['abort'],
  })

  .superRefine(({ expect, limits }, context) => {
    for (const { path, expected } of holdsForAnything(expect, limits))
      context.addIssue({ code: 'custom', path: ['expect', ...path], message: expected })
  })

/** One document of a scenario file, defaults filled in. `ScenarioSpec`, which is published, is held to it by a test. */
export type ScenarioDocument = z.infer<typeof scenarioDocumentSchema>
