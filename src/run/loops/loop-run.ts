import { got } from '../../base/got.ts'
import { addUsage, NO_USAGE, type SerializedError, type StepResult, type Usage } from '../../base/result.ts'
import type { LoopContext } from '../../context/decision-context.ts'
import { isolate, kept } from '../../context/isolate.ts'
import type { LoopPolicy } from '../../nodes/loop.ts'
import { type Answer, askFor, impossible, loopContext, type Undecided } from '../ask.ts'
import { endIteration, iterationScope } from '../fork.ts'
import type { Plan } from '../plan.ts'
import {
  completedResult,
  failedResult,
  sameEnd,
  type Spent,
  stepAttemptsOf,
  stoppedResult,
} from '../results.ts'
import type { Scope } from '../scope.ts'
import { type Stop, stopOf, withStop } from '../stop.ts'
import { recordEvent } from '../trail.ts'

/** Why a loop ended, by itself or with the quota; one that was aborted or paused from outside has no reason of its own. */
export type ExitReason =
  | 'condition'
  | 'max_iterations'
  | 'body_failed'
  | 'until_failed'
  | 'mapper_failed'
  | 'quota_exceeded'

/** What goes round. */
export interface Going {
  readonly name: string
  /** What messages call it: `loop 'polish'`. */
  readonly where: string
  readonly path: string
  readonly body: Plan
  readonly policy: LoopPolicy
  /** Hears of each iteration that has completed, before what it wrote counts. */
  readonly heard?: ((result: StepResult, iteration: Scope) => Heard) | undefined
}

/** Whether there is another iteration, or why what was heard cannot be kept. */
export type Heard = 'on' | 'finished' | SerializedError

/** Iterations after which others get a turn: a body that never waits would keep timers and aborts from being heard. */
const ITERATIONS_PER_TURN = 256

/** One execution of a loop, and what it has come to so far. */
export class LoopRun {
  readonly #going: Going
  readonly #scope: Scope
  /** By number; every one of them is kept whole. */
  readonly #results: Record<string, StepResult> = {}
  #completed = 0
  #stepAttempts = 0
  #latencyMs = 0
  #usage: Usage = NO_USAGE

  constructor(going: Going, scope: Scope) {
    this.#going = going
    this.#scope = scope
  }

  async run(input: unknown): Promise<StepResult> {
    const { policy } = this.#going
    let value = input
    if (policy.initialInput !== undefined) {
      const first = await this.#mapped('initialInput', input)
      if (first.kind !== 'decided') return this.#undecided(first, 'mapper_failed')
      value = first.value
    }
    for (let iteration = 1; ; iteration++) {
      if (iteration % ITERATIONS_PER_TURN === 0) await this.#turn()
      const { result, heard } = await this.#iterate(iteration, value)
      if (!result.success) return this.#bodyEnded(iteration, result)
      if (typeof heard === 'object') {
        // It does not count: what was said in it is lost.
        this.#recordIteration(iteration, 'failed')
        return this.#failed('body_failed', heard)
      }
      const met = await this.#isMet(result.output, heard)
      this.#recordIteration(iteration, result.status, met)
      if (met.kind !== 'decided') return this.#undecided(met, 'until_failed')
      if (met.value) return await this.#conditionMet(result.output)
      if (iteration === policy.maxIterations) return this.#maxReached()
      value = result.output
      if (policy.nextInput !== undefined) {
        const next = await this.#mapped('nextInput', value)
        if (next.kind !== 'decided') return this.#undecided(next, 'mapper_failed')
        value = next.value
      }
    }
  }

  /** What is said before the first iteration cannot be kept. */
  unheard(error: SerializedError): StepResult {
    return this.#failed('body_failed', error)
  }

  /** Runs the body once. What it wrote to the context counts when it has completed. */
  async #iterate(
    iteration: number,
    input: unknown,
  ): Promise<{ readonly result: StepResult; readonly heard: Heard }> {
    const scope = this.#scope
    const { path, body, heard: hear } = this.#going
    const round = iterationScope(scope, path)
    const result = await body.execute(input, round, false)
    endIteration(scope, round)
    this.#results[iteration] = result
    this.#stepAttempts += stepAttemptsOf(result)
    this.#latencyMs += result.latencyMs
    this.#usage = addUsage(this.#usage, result.usage)
    if (!result.success) return { result, heard: 'on' }
    const heard = hear === undefined ? 'on' : hear(result, round)
    if (typeof heard === 'object') return { result, heard }
    scope.context.adopt(round.context)
    this.#completed++
    return { result, heard }
  }

  /** Lets everything else that is ready go first. */
  #turn(): Promise<void> {
    const { clock } = this.#scope.run.world
    return new Promise((resolve) => clock.afterTurn(resolve))
  }

  async #isMet(output: unknown, heard: Heard): Promise<Answer<boolean>> {
    if (heard === 'finished') return FINISHED
    const { until } = this.#going.policy
    if (until === undefined) return NOT_MET
    const answer = await this.#ask('until', (ctx) => until(isolate(output) as never, ctx))
    if (answer.kind !== 'decided') return answer
    if (typeof answer.value === 'boolean') return { kind: 'decided', value: answer.value }
    return impossible(
      `Expected \`until\` of ${this.#going.where} to give true or false, got ${got(answer.value)}.`,
    )
  }

  /** What a mapper makes of a value; the value where there is no such mapper. */
  async #mapped(which: 'initialInput' | 'nextInput' | 'output', value: unknown): Promise<Answer<unknown>> {
    const mapper = this.#going.policy[which]
    if (mapper === undefined) return { kind: 'decided', value }
    const answer = await this.#ask(which, (ctx) => mapper(isolate(value) as never, ctx))
    return answer.kind === 'decided' ? { kind: 'decided', value: kept(answer.value) } : answer
  }

  async #ask(which: string, ask: (ctx: LoopContext) => unknown): Promise<Answer<unknown>> {
    const scope = this.#scope
    const { where, path } = this.#going
    const startedMs = scope.continuesMs
    const answer = await askFor<unknown>(scope, path, {
      who: `\`${which}\` of ${where}`,
      what: `${which} ${this.#completed}`,
      ask: () => ask(loopContext(scope, path, this.#completed)),
    })
    this.#latencyMs += scope.continuesMs - startedMs
    return answer
  }

  async #conditionMet(lastOutput: unknown): Promise<StepResult> {
    const output = await this.#mapped('output', lastOutput)
    if (output.kind !== 'decided') return this.#undecided(output, 'mapper_failed')
    const { name, path } = this.#going
    return completedResult(
      name,
      path,
      output.value,
      this.#spent(),
      this.#metadata('condition'),
      this.#results,
    )
  }

  #maxReached(): StepResult {
    const { where, policy } = this.#going
    const rounds = policy.maxIterations === 1 ? '1 iteration' : `${policy.maxIterations} iterations`
    const message = `${where} reached its maximum of ${rounds} without meeting its condition`
    return this.#failed('max_iterations', { name: 'LoopError', message, code: 'E_MAX_ITERATIONS' })
  }

  /** The body did not complete. */
  #bodyEnded(iteration: number, result: StepResult): StepResult {
    this.#recordIteration(iteration, result.status)
    const stop = stopOf(result)
    if (result.status === 'failed' && stop === undefined) {
      const message = `iteration ${iteration} failed: ${result.feedback}`
      const cause = result.error === null ? {} : { cause: result.error }
      return this.#failed('body_failed', { name: 'LoopError', message, code: 'E_ITERATION_FAILED', ...cause })
    }
    const { name, path } = this.#going
    return sameEnd(name, path, result, this.#spent(), this.#results, this.#metadata(reasonOf(stop)))
  }

  #undecided(answer: Undecided, reason: ExitReason): StepResult {
    if (answer.kind === 'failed') return this.#failed(reason, answer.error)
    const { stop } = answer
    const { name, path } = this.#going
    const metadata = this.#metadata(reasonOf(stop))
    const stopped = stoppedResult(name, path, stop, this.#spent())
    return withStop({ ...stopped, metadata, children: this.#results }, stop)
  }

  #failed(reason: ExitReason, error: SerializedError): StepResult {
    const { name, path } = this.#going
    return failedResult(name, path, error, this.#spent(), this.#metadata(reason), this.#results)
  }

  /** @param answer whether its condition was met, once that was asked */
  #recordIteration(iteration: number, status: StepResult['status'], answer?: Answer<boolean>): void {
    if (!this.#scope.run.recorded) return
    const met = answer?.kind === 'decided' ? { met: answer.value } : {}
    recordEvent(this.#scope, this.#going.path, 'iteration', { iteration, status, ...met })
  }

  #spent(): Spent {
    return { attempts: this.#completed, latencyMs: this.#latencyMs, usage: this.#usage }
  }

  #metadata(exitReason: ExitReason | undefined): Readonly<Record<string, unknown>> {
    const reason = exitReason === undefined ? {} : { exitReason }
    return { ...reason, iterations: this.#completed, stepAttempts: this.#stepAttempts }
  }
}

const FINISHED: Answer<boolean> = { kind: 'decided', value: true }
const NOT_MET: Answer<boolean> = { kind: 'decided', value: false }

function reasonOf(stop: Stop | undefined): ExitReason | undefined {
  return stop !== undefined && 'kind' in stop && stop.kind === 'quota' ? 'quota_exceeded' : undefined
}
