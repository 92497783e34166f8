import { inject, type TaskMeta, type TestContext } from 'vitest'
import type { SourceLocation } from '../../../reporters/report/error-info.ts'
import type { ScenarioMeta, ShakedownMeta } from '../../../reporters/collect/task-meta.ts'
import { comparisonIn } from '../../run/judge/check.ts'
import { hideInShown } from '../../run/judge/shown.ts'
import { withoutError } from '../../run/judge/unsaid-ending.ts'
import { runScenario } from '../../run/run-scenario.ts'
import type { Scenario, ScenarioSource } from '../../scenario/scenario.ts'
import type { Problem, Verdict } from '../../scenario/verdict.ts'
import type { Family } from './family.ts'
import { persistTrails } from './persist-trails.ts'
import { failureOf, frameAt, statusIsUnmet } from './scenario-failure.ts'
import { type SubjectFailure, subjectFailureOf } from './subject-failure.ts'
import { watchdogMs } from './watchdog.ts'

/**
 * Runs a scenario as the test it is, and leaves what it measured in the test's meta for the reporter.
 *
 * @throws ScenarioFailure with all its problems; where the subject failed and should not have, or failed otherwise, an
 *   AggregateError of that and the subject's own error, which Vitest shows as two errors of the test
 */
export async function runAsTest(scenario: Scenario, context: TestContext, family?: Family): Promise<void> {
  const { task } = context
  hideInShown(inject('shakedown')?.redact ?? [])
  const verdict = await runScenario(scenario, { watchdogMs: watchdogMs(context) })
  family?.note(scenario.spec, verdict.marks)
  const runIds = await persistTrails(verdict.trails)
  const own = subjectFailureOf(verdict)
  leave(task.meta, metaOf(verdict, runIds, scenario.source, own))
  if (!verdict.ok) throw toThrow(verdict, scenario.source, own)
}

/** What tests have left, by their meta; one that is tried again leaves something else. */
const left = new WeakMap<TaskMeta, ShakedownMeta>()

/**
 * Leaves what was measured where the reporter looks for it. It can be read and not written: what of the subject still
 * runs, or a hook, cannot put another outcome in its place.
 *
 * @throws TypeError when somebody has done so before
 */
function leave(meta: TaskMeta, scenario: ScenarioMeta): void {
  if (!left.has(meta))
    Object.defineProperty(meta, 'shakedown', { enumerable: true, get: () => left.get(meta) })
  left.set(meta, { scenario })
}

/** The problems, but for what the subject failed with: that is shown whole beside them. */
function problemsOf({ error, problems }: Verdict): readonly Problem[] {
  return error === null ? problems : problems.map((problem) => withoutError(problem, error))
}

/** The subject's own error comes first where it is the reason, and after the checks where they are about it. */
function toThrow(
  verdict: Verdict,
  source: ScenarioSource | undefined,
  own: SubjectFailure | undefined,
): Error {
  const failure = failureOf({ problems: problemsOf(verdict) }, source)
  if (own === undefined) return failure
  if (statusIsUnmet(verdict)) return new AggregateError([own, failure], failure.message)
  const aboutIt = verdict.problems.some(({ at: [part, key] }) => part === 'expect' && ABOUT_ERROR.has(key))
  return aboutIt ? new AggregateError([failure, own], failure.message) : failure
}

/** The expectations that are about the subject's error. */
const ABOUT_ERROR: ReadonlySet<string | undefined> = new Set(['error', 'feedback'])

function metaOf(
  verdict: Verdict,
  runIds: string[],
  source: ScenarioSource | undefined,
  own: SubjectFailure | undefined,
): ScenarioMeta {
  const { scenario: name, remarks, virtualMs, wallMs, attempts, faultsFired, digest } = verdict
  return {
    name,
    problems: problemsOf(verdict).map((problem) => problemOf(problem, source)),
    virtualMs,
    wallMs,
    attempts,
    faultsFired,
    runIds,
    digest,
    remarks: remarks.map(({ code, message, at = [] }) => ({
      code,
      message,
      location: locationOf(source, at),
    })),
    ...(own === undefined ? {} : { subjectError: own.plain() }),
  }
}

function problemOf(problem: Problem, source: ScenarioSource | undefined): ScenarioMeta['problems'][number] {
  const { code, oracle = null, message, at } = problem
  const comparison = comparisonIn(problem)
  const told = { code, oracle, message, location: locationOf(source, at) }
  return comparison === undefined ? told : { ...told, comparison }
}

function locationOf(source: ScenarioSource | undefined, at: readonly string[]): SourceLocation | null {
  const [frame] = frameAt(source, at)
  return frame === undefined ? null : { file: frame.file, line: frame.line, column: frame.column }
}
