import * as z from '../../src/base/zod.ts'
import type { SourceLocation } from '../report/error-info.ts'
import type { ScenarioItem, ScenarioProblem, ScenarioRemark, ScenarioStatus } from '../report/scenarios.ts'
import { mapStrings } from '../report/map-strings.ts'
import { SCENARIO_FILE } from '../report/scenarios.ts'
import { scenarioProblemSchema, scenarioRemarkSchema } from '../report/schema.ts'
import { withCodeFrames } from './code-frame.ts'
import { toErrorInfo } from './error-info.ts'
import type { CleanText } from './clean-text.ts'

/** Problems kept of one scenario: more than fit a screen. */
const PROBLEMS_MAX = 20
/** A problem quotes what was expected and got, each cut already. */
const MESSAGE_CHARS_MAX = 2_000
/** What a code or an oracle is called. */
const WORD_CHARS_MAX = 100

const scenarioMetaSchema = z.object({
  name: z.string(),
  /** Expectations that were not met and oracles that are violated. */
  problems: z.array(scenarioProblemSchema),
  /** Time that passed on the simulated clock. */
  virtualMs: z.number().min(0),
  /** Time that really passed. */
  wallMs: z.number().min(0),
  attempts: z.int().min(0),
  faultsFired: z.int().min(0),
  /** Runs it left in the audit trail. */
  runIds: z.array(z.string()),
  /** SHA-256 of the trace without wall time. */
  digest: z.string(),
  /** What the subject itself failed with; read as any error is. */
  subjectError: z.unknown().optional(),
  remarks: z.array(scenarioRemarkSchema),
})

/** A scenario's outcome, as the worker that ran it leaves it in its test's `task.meta`. */
export type ScenarioMeta = z.infer<typeof scenarioMetaSchema>

const processWarningsSchema = z.object({
  /** Each with the first text of its kind. */
  messages: z.array(z.object({ text: z.string(), count: z.int().min(1) })),
  /** Warnings of further kinds than were kept. */
  overflow: z.int().min(0),
})

/** What a worker counted of one file's process warnings, as it leaves it in the file's meta. */
export type ProcessWarnings = z.infer<typeof processWarningsSchema>

/** What this package keeps in a test's `task.meta`: the one channel from a worker's test to the reporter. */
export interface ShakedownMeta {
  scenario?: ScenarioMeta
  /** In the meta of a file. */
  processWarnings?: ProcessWarnings
}

declare module 'vitest' {
  interface TaskMeta {
    shakedown?: ShakedownMeta
  }
}

/**
 * Reads the scenario out of a test's meta; `undefined` for an ordinary test.
 *
 * Meta crosses a process boundary and any test can write to it. What is malformed, and what a test has written that is
 * in no scenario file, is left out of the scenarios: the test it belongs to is reported in any case.
 *
 * @param file the scenario's file, relative to the project root
 */
export function scenarioIn(
  meta: { readonly shakedown?: unknown },
  file: string,
  text: CleanText,
): ScenarioItem | undefined {
  const { shakedown } = meta
  if (!SCENARIO_FILE.test(file)) return undefined
  if (typeof shakedown !== 'object' || shakedown === null || !('scenario' in shakedown)) return undefined
  const parsed = scenarioMetaSchema.safeParse(shakedown.scenario)
  if (!parsed.success) return undefined
  const { problems, remarks, subjectError, ...measured } = parsed.data
  return {
    file,
    ...measured,
    status: statusOf(problems),
    problems: problems.slice(0, PROBLEMS_MAX).map((problem) => cleanProblem(problem, text)),
    subjectError: subjectError === undefined ? null : withCodeFrames(toErrorInfo(subjectError, text), text),
    remarks: remarks.slice(0, PROBLEMS_MAX).map((remark) => cleanRemark(remark, text)),
  }
}

function cleanRemark({ code, message, location }: ScenarioRemark, text: CleanText): ScenarioRemark {
  return {
    code: text.clean(code, WORD_CHARS_MAX),
    message: text.clean(message, MESSAGE_CHARS_MAX),
    location: relative(location, text),
  }
}

function relative(location: SourceLocation | null, text: CleanText): SourceLocation | null {
  return location === null ? null : { ...location, file: text.paths.relative(location.file) }
}

/** Vacuous only when nothing else is wrong: a subject that crashed before its first call is no vacuous scenario. */
function statusOf(problems: readonly ScenarioProblem[]): ScenarioStatus {
  if (problems.length === 0) return 'passed'
  return problems.every(({ code }) => code === 'E_VACUOUS') ? 'vacuous' : 'failed'
}

function cleanProblem(
  { code, oracle, message, location, comparison }: ScenarioProblem,
  text: CleanText,
): ScenarioProblem {
  const cleaned = {
    code: text.clean(code, WORD_CHARS_MAX),
    oracle: oracle === null ? null : text.clean(oracle, WORD_CHARS_MAX),
    message: text.clean(message, MESSAGE_CHARS_MAX),
    location: relative(location, text),
  }
  if (comparison === undefined) return cleaned
  return { ...cleaned, comparison: mapStrings(comparison, (part) => text.clean(part, MESSAGE_CHARS_MAX)) }
}

/** Reads the process warnings out of a file's meta; `undefined` when there are none, or what is there is malformed. */
export function processWarningsIn(meta: { readonly shakedown?: unknown }): ProcessWarnings | undefined {
  const { shakedown } = meta
  if (typeof shakedown !== 'object' || shakedown === null || !('processWarnings' in shakedown))
    return undefined
  return processWarningsSchema.safeParse(shakedown.processWarnings).data
}
