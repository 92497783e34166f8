import { FaultPlan } from '../faults/play/plan.ts'
import { digestOf, digestsOf } from './judge/digest.ts'
import { type Execution, type Executor, executeOnce, realExecutor } from './execution.ts'
import type { SyncKnowledge } from './boundary/sync-knowledge.ts'
import { exclusively } from './exclusive.ts'
import { deepFreeze } from './judge/freeze.ts'
import { keptIntrinsics, withIntrinsics } from './judge/intrinsics.ts'
import { judge } from './judge/judge.ts'
import { observed } from './judge/observed.ts'
import { mockedExecutor } from './never-mocked.ts'
import { notForSubject } from './only-functions.ts'
import { remarksOn, replacedRemark } from './judge/remarks.ts'
import { repeatabilityOf } from './judge/repeatability.ts'
import { faultsOf } from '../scenario/faults-of.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { ScenarioSpec } from '../scenario/spec.ts'
import type { Problem, Remark, Verdict } from '../scenario/verdict.ts'

/**
 * @example
 * const options: RunScenarioOptions = {}
 * const verdict = await runScenario(flaky, options)
 */
export interface RunScenarioOptions {
  /**
   * Run the scenario a second time and compare both traces (oracle 19). Default true; switch it off
   * where speed counts, or the outside really changes from run to run.
   */
  readonly replay?: boolean | undefined
  /**
   * How long real I/O may take before the scenario is given up, in real milliseconds, where the scenario does not say so
   * itself (`limits.realMs`). Default 4 000: below Vitest's default for a test.
   */
  readonly watchdogMs?: number | undefined
}

// Captured at import: scenarios with global timers make `performance.now` virtual.
const realNowMs = performance.now.bind(performance)

/** Made once per scenario, however often it runs. */
const plans = new WeakMap<ScenarioSpec, FaultPlan>()

/**
 * Runs a scenario on the real executor in a simulated world and judges what it left behind. Scenarios of one process
 * take turns.
 *
 * @returns the verdict; a failed expectation, a violated oracle and a stall are problems in it, never exceptions
 * @throws FaultSyntaxError for a fault program that does not parse; files and the builder check that earlier
 *
 * @example
 * const verdict = await runScenario(flaky)
 * if (!verdict.ok) console.error(verdict.problems.map((problem) => problem.message).join('\n'))
 */
export function runScenario(scenario: Scenario, options: RunScenarioOptions = {}): Promise<Verdict> {
  return runScenarioOn(realExecutor, scenario, options)
}

/** `runScenario` on an executor of your choice: how the oracles are tried on mutants. */
export function runScenarioOn(
  executor: Executor,
  scenario: Scenario,
  options: RunScenarioOptions,
): Promise<Verdict> {
  return exclusively(async () => {
    const restore = keptIntrinsics()
    try {
      return await runInTurn(executor, scenario, options)
    } finally {
      restore()
    }
  })
}

/** Runs it while no other scenario of this process does. */
async function runInTurn(
  executor: Executor,
  scenario: Scenario,
  options: RunScenarioOptions,
): Promise<Verdict> {
  const startedMs = realNowMs()
  const mocked = mockedExecutor(scenario, executor)
  if (mocked !== undefined) return refused(scenario, mocked)
  const unfit = notForSubject(scenario)
  if (unfit !== undefined) return refused(scenario, unfit)
  // What is judged is what was there before the subject ran, whatever it does to the scenario it may have imported.
  const { spec, subject } = scenario
  const plan = planFor(spec)
  const execute = (known?: SyncKnowledge): Promise<Execution> =>
    executeOnce({ spec, subject }, plan, executor, options.watchdogMs, known)
  let first = await execute()
  // It met faults in the shape of promises where it waits for none: what it made of that says nothing about it.
  const known = first.syncKnowledge.guessedWrong ? first.syncKnowledge : undefined
  if (known !== undefined) first = await execute(known)
  const { end, runaway } = first.observation
  const again = options.replay !== false && end.kind === 'settled' && runaway === undefined
  const verdictOf = (problems: readonly Problem[], remarks: readonly Remark[]) =>
    new ExecutionVerdict(first, problems, remarks, realNowMs() - startedMs)
  // Before the second execution: what the first has left behind may still go on, and must not change what it is judged by.
  const judged = withIntrinsics((replaced) => {
    const problems = judge(first.observation)
    const remarks = [...remarksOn(first.observation), ...replacedRemark(replaced)]
    if (!again) return verdictOf(problems, remarks)
    return { problems, remarks, digest: digestsOf(first.observation) }
  })
  if (judged instanceof ExecutionVerdict) return judged
  const second = await execute(known)
  return withIntrinsics(() => {
    const repeated = repeatabilityOf({ spec, subject }, judged.digest, digestsOf(second.observation))
    return verdictOf([...judged.problems, ...repeated.problems], [...judged.remarks, ...repeated.remarks])
  })
}

function planFor(spec: ScenarioSpec): FaultPlan {
  let plan = plans.get(spec)
  if (plan === undefined) {
    plan = new FaultPlan(faultsOf(deepFreeze(spec)).map(({ pattern, program }) => [pattern, program]))
    plans.set(spec, plan)
  }
  return plan
}

/** The verdict on an execution. Digest and trails cost as much as running the scenario, and few ask for them. */
class ExecutionVerdict implements Verdict {
  readonly scenario: string
  readonly ok: boolean
  readonly problems: readonly Problem[]
  readonly remarks: readonly Remark[]
  readonly status: Verdict['status']
  readonly output: unknown
  readonly error: Verdict['error']
  readonly feedback: string | null
  readonly virtualMs: number
  readonly wallMs: number
  readonly attempts: number
  readonly faultsFired: number
  readonly calls: Verdict['calls']
  readonly marks: Verdict['marks']
  readonly #execution: Execution

  constructor(
    execution: Execution,
    problems: readonly Problem[],
    remarks: readonly Remark[],
    wallMs: number,
  ) {
    const { scenario, end, result, calls, marks, output, virtualMs, faultsFired } = execution.observation
    const { status, error, feedback } = observed(execution.observation)
    this.scenario = scenario.spec.name
    this.ok = problems.length === 0
    this.problems = problems
    this.remarks = remarks
    this.status = end.kind === 'settled' ? status : 'stalled'
    this.output = output
    this.error = error
    this.feedback = feedback
    this.virtualMs = virtualMs
    this.wallMs = wallMs
    this.attempts = result?.attempts ?? calls.length
    this.faultsFired = faultsFired
    this.calls = calls
    this.marks = marks
    this.#execution = execution
  }

  get digest(): string {
    return digestOf(this.#execution.observation)
  }

  get trails(): Verdict['trails'] {
    return this.#execution.audit.trails()
  }
}

/** What there is to say of a scenario that was not run. */
const NOT_RUN = {
  ok: false,
  remarks: [],
  status: 'skipped',
  output: undefined,
  error: null,
  virtualMs: 0,
  wallMs: 0,
  attempts: 0,
  faultsFired: 0,
  calls: [],
  marks: new Map(),
  digest: '',
  trails: [],
} as const satisfies Partial<Verdict>

function refused(scenario: Scenario, problem: Problem): Verdict {
  return { ...NOT_RUN, scenario: scenario.spec.name, problems: [problem], feedback: problem.message }
}
