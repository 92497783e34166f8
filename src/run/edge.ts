import { ConfigurationError } from '../base/control.ts'
import type { RunResult, StepResult } from '../base/result.ts'
import { describeThrown } from '../base/serialize-error.ts'
import { RunContext } from '../context/run-context.ts'
import type { Plan } from './plan.ts'
import { resultOfRun, stepAttemptsOf } from './results.ts'
import type { Scope } from './scope.ts'

/** @throws ConfigurationError for what cannot be copied */
export function startingContext(given: Readonly<Record<string, unknown>> | undefined): RunContext {
  try {
    return new RunContext(given)
  } catch (cause) {
    throw new ConfigurationError(
      `Expected \`context\` of engine.run to be plain data that can be copied: ${describeThrown(cause)}`,
      { cause },
    )
  }
}

/** What a run came to: its root's result, and a summary. */
export function runResult({ run, context }: Scope, plan: Plan, result: StepResult): RunResult {
  return resultOfRun(result, {
    runId: run.id,
    context: context.snapshot(),
    history: plan.history(result),
    totals: {
      steps: run.steps,
      attempts: stepAttemptsOf(result),
      latencyMs: result.latencyMs,
      usage: result.usage,
    },
  })
}
