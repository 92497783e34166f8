import type { TestContext } from 'vitest'
import type { ScenarioMeta } from '../../../reporters/collect/task-meta.ts'
import { runScenario } from '../../run/run-scenario.ts'
import type { Scenario, ScenarioSource } from '../../scenario/scenario.ts'
import type { Verdict } from '../../scenario/verdict.ts'
import { WATCHDOG_MS } from '../../world/drive.ts'
import { persistTrails } from './persist-trails.ts'
import { failureOf, frameAt } from './scenario-failure.ts'

/** Share of a test's timeout after which the scenario's own watchdog speaks: it can name what is pending, Vitest cannot. */
const WATCHDOG_SHARE = 0.8

/**
 * Runs a scenario as the test it is, and leaves what it measured in the test's meta for the reporter.
 * @throws ScenarioFailure with all its problems
 */
export async function runAsTest(scenario: Scenario, { task }: TestContext): Promise<void> {
  const verdict = await runScenario(scenario, { watchdogMs: watchdogMs(task.timeout) })
  const runIds = await persistTrails(verdict.trails)
  task.meta.shakedown = { ...task.meta.shakedown, scenario: metaOf(verdict, runIds, scenario.source) }
  if (!verdict.ok) throw failureOf(verdict, scenario.source)
}

function metaOf(verdict: Verdict, runIds: string[], source: ScenarioSource | undefined): ScenarioMeta {
  const { scenario: name, problems, virtualMs, wallMs, attempts, faultsFired, digest } = verdict
  return {
    name,
    problems: problems.map(({ code, oracle, message, at }) => {
      const [frame] = frameAt(source, at)
      const location =
        frame === undefined ? null : { file: frame.file, line: frame.line, column: frame.column }
      return { code, oracle: oracle ?? null, message, location }
    }),
    virtualMs,
    wallMs,
    attempts,
    faultsFired,
    runIds,
    digest,
  }
}

/** A test without a timeout has 0 or Infinity. */
function watchdogMs(timeoutMs: number): number {
  return timeoutMs > 0 ? Math.min(WATCHDOG_MS, timeoutMs * WATCHDOG_SHARE) : WATCHDOG_MS
}
