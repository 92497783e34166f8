import { kept } from '../../context/isolate.ts'
import type { StepResult } from '../../base/result.ts'
import type { StepNode } from '../../nodes/step.ts'
import type { Before } from '../checkpoint/past.ts'
import { completedResult, type Spent } from '../results.ts'
import type { Scope } from '../scope.ts'
import { Attempt } from './attempt.ts'
import { finalLoss, nextDelayMs } from './next-attempt.ts'
import { type Lost, type Settlement, startRace, thrownAs } from './settle.ts'
import { gather, isStream } from './stream.ts'

/** A step, as far as its first attempt has to know it. */
interface PlainStep {
  readonly node: StepNode<never, unknown>
  readonly path: string
  /** `step:NAME`. */
  readonly point: string
  /** The step's result after its last attempt. */
  endedBy(last: Lost, spent: Spent, scope: Scope): StepResult | Promise<StepResult>
  /** Makes the attempts that are left. */
  attemptAgain(input: unknown, scope: Scope, before: Before): Promise<StepResult>
}

/** A step at its first attempt. */
interface Attempting {
  readonly step: PlainStep
  readonly input: unknown
  readonly scope: Scope
  readonly attempt: Attempt
  readonly startedMs: number
}

/**
 * Runs a step whose first attempt only its own function can end, in a run that nobody watches. Most are like that, and
 * what the engine takes for one is a third less where the compiler has nothing else to look at.
 *
 * @param mine a copy of the input
 */
export async function attemptPlainly(
  step: PlainStep,
  input: unknown,
  mine: unknown,
  scope: Scope,
): Promise<StepResult> {
  const startedMs = scope.continuesMs
  const attempt = new Attempt(scope, step, 1)
  let output: unknown
  let stream: AsyncIterable<unknown> | undefined
  try {
    const given = await step.node.run(mine as never, attempt)
    if (typeof given === 'object' && isStream(given)) stream = given
    else {
      output = kept(given)
      attempt.commit()
    }
  } catch (thrown) {
    return lost({ step, input, scope, attempt, startedMs }, thrownAs(thrown))
  }
  return stream === undefined
    ? completed(step, scope, attempt, output, startedMs)
    : streamed({ step, input, scope, attempt, startedMs }, stream)
}

/** As `attemptPlainly`, where an abort of the scope may end the attempt as well. */
export function racePlainly(
  step: PlainStep,
  input: unknown,
  mine: unknown,
  scope: Scope,
): Promise<StepResult> {
  const startedMs = scope.continuesMs
  const attempt = new Attempt(scope, step, 1)
  return new Promise((resolve) => {
    startRace(step, mine, attempt, scope, (settlement) =>
      resolve(raceEnded({ step, input, scope, attempt, startedMs }, settlement)),
    )
  })
}

function raceEnded(attempting: Attempting, settlement: Settlement): StepResult | Promise<StepResult> {
  if (settlement.kind !== 'completed') return lost(attempting, settlement)
  const { step, attempt, scope, startedMs } = attempting
  try {
    attempt.commit()
  } catch (thrown) {
    return lost(attempting, thrownAs(thrown))
  }
  return completed(step, scope, attempt, settlement.output, startedMs)
}

async function streamed(attempting: Attempting, stream: AsyncIterable<unknown>): Promise<StepResult> {
  const { step, attempt, scope, startedMs } = attempting
  let output: unknown
  try {
    output = kept(await gather(stream, step, attempt, scope))
    attempt.commit()
  } catch (thrown) {
    return lost(attempting, thrownAs(thrown))
  }
  return completed(step, scope, attempt, output, startedMs)
}

// Arguments one by one, and no object: it would be made for every step.
function completed(
  { node, path }: PlainStep,
  scope: Scope,
  attempt: Attempt,
  output: unknown,
  startedMs: number,
): StepResult {
  const { run } = scope
  attempt.end()
  const endedMs = run.world.clock.monotonicMs()
  scope.continuesMs = endedMs
  run.steps++
  const spent = { attempts: 1, latencyMs: endedMs - startedMs, usage: attempt.usage }
  return completedResult(node.name, path, output, spent)
}

/** The attempt did not complete: the others follow, if the step has some left. */
async function lost(attempting: Attempting, how: Lost): Promise<StepResult> {
  const { step, input, attempt, scope, startedMs } = attempting
  const { node } = step
  attempt.end()
  scope.continuesMs = scope.run.world.clock.monotonicMs()
  const spent = { attempts: 1, latencyMs: scope.continuesMs - startedMs, usage: attempt.usage }
  const final = finalLoss(node, 1, how)
  if (final !== undefined) return step.endedBy(final, spent, scope)
  const delayMs = nextDelayMs(node, 1, how, scope)
  if (delayMs > 0) await scope.sleep(delayMs, `backoff of ${step.point}`)
  return await step.attemptAgain(input, scope, { ...spent, interrupted: 0 })
}
