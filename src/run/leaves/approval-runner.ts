import { ConfigurationError, ControlSignal } from '../../base/control.ts'
import { got } from '../../base/got.ts'
import type { StepResult } from '../../base/result.ts'
import { isolate } from '../../context/isolate.ts'
import type { ApprovalNode } from '../../nodes/approval.ts'
import { type Answer, askFor, impossible } from '../ask.ts'
import { keepLeaf, leafBefore } from './kept-leaf.ts'
import { untilPaused } from '../pausing.ts'
import type { Plan, PlannedChild } from '../plan.ts'
import { addLatency, completedResult, failedResult, NOTHING_SPENT, stoppedResult } from '../results.ts'
import type { Scope } from '../scope.ts'
import type { Stop } from '../stop.ts'
import { recordEvent, recordStep } from '../trail.ts'

const NO_CHILDREN: readonly PlannedChild[] = []

/** Longest message kept; the trail cuts texts like this anyway. */
const MESSAGE_LENGTH_MAX = 10_000

/** An approval at its place: pauses the run, or gives the answer it was resumed with. */
export class ApprovalRunner implements Plan {
  static readonly events = ['paused', 'resumed'] as const
  static readonly pauses = true
  readonly node: ApprovalNode<never, unknown>
  readonly path: string

  constructor(node: ApprovalNode<never, unknown>, path: string) {
    this.node = node
    this.path = path
  }

  children(): readonly PlannedChild[] {
    return NO_CHILDREN
  }

  history(result: StepResult): readonly StepResult[] {
    return [result]
  }

  async execute(input: unknown, scope: Scope): Promise<StepResult> {
    const { path } = this
    const { name } = this.node
    const { run, tokenId, visit } = scope
    const { durable } = run
    const place = { tokenId, visit, path }
    if (durable === undefined) return this.#stopped(scope, notDurable(name))
    if (durable.remembers(place)) {
      const { result } = await leafBefore(scope, path)
      if (result !== undefined) return result
    }
    if (scope.aborted !== undefined) return this.#stopped(scope, scope.aborted)
    const answer = durable.answerFor(place)
    if (answer !== undefined) {
      await leafBefore(scope, path)
      recordEvent(scope, path, 'resumed', {})
      durable.prepare(name, answer.value, undefined)
      return ended(scope, completedResult(name, path, answer.value, NOTHING_SPENT))
    }
    const startedMs = scope.continuesMs
    const said = await this.#message(input, scope)
    if (said.kind === 'stopped') return this.#stopped(scope, said.stop)
    if (said.kind === 'failed') {
      const spent = addLatency(NOTHING_SPENT, scope.continuesMs - startedMs)
      return ended(scope, failedResult(name, path, said.error, spent))
    }
    const message = said.value
    recordEvent(scope, path, 'paused', { message })
    const aborted = await untilPaused(scope)
    // Nobody needs the answer any more.
    if (aborted !== undefined) return this.#stopped(scope, aborted)
    return this.#stopped(
      scope,
      new ControlSignal('pause', 'E_PAUSED', `Waits for approval '${name}': ${message}`, {
        hint: `Go on with engine.resume('${run.id}', answer).`,
      }),
    )
  }

  async #message(input: unknown, scope: Scope): Promise<Answer<string>> {
    const { message, name } = this.node
    const who = `\`message\` of approval '${name}'`
    const ask = async (): Promise<unknown> => {
      // A fallback, and what is told of the run, must not see what it does to its input.
      const said: unknown = typeof message === 'function' ? await message(isolate(input) as never) : message
      return typeof said === 'string' ? said.slice(0, MESSAGE_LENGTH_MAX) : said
    }
    const answer = await askFor(scope, this.path, { who, what: 'message', ask })
    if (answer.kind !== 'decided') return answer
    const { value } = answer
    if (typeof value === 'string' && value !== '') return { kind: 'decided', value }
    return impossible(`Expected ${who} to give a text, got ${got(value)}.`)
  }

  #stopped(scope: Scope, stop: Stop): StepResult {
    const result = stoppedResult(this.node.name, this.path, stop, NOTHING_SPENT)
    if (result.status !== 'paused') return ended(scope, result)
    scope.continuesMs = scope.run.world.clock.monotonicMs()
    return recordStep(scope, 'approval', result)
  }
}

/** Counts, keeps and records an approval that came to its end. */
function ended(scope: Scope, result: StepResult): StepResult {
  scope.run.steps++
  scope.continuesMs = scope.run.world.clock.monotonicMs()
  keepLeaf(scope, result)
  return recordStep(scope, 'approval', result)
}

function notDurable(name: string): ConfigurationError {
  return new ConfigurationError(
    `Expected approval '${name}' to be part of a durable run, because its answer may come in another process; got a run that is none.`,
    { hint: 'Run it with engine.run, on an engine with an audit trail.' },
  )
}
