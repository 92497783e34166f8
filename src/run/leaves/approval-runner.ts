import { ConfigurationError, ControlSignal, isControlSignal } from '../../base/control.ts'
import { got } from '../../base/got.ts'
import type { StepResult } from '../../base/result.ts'
import { serializeError } from '../../base/serialize-error.ts'
import type { ApprovalNode } from '../../nodes/approval.ts'
import { decide } from '../decide.ts'
import { keepLeaf, leafBefore } from './kept-leaf.ts'
import type { Plan, PlannedChild } from '../plan.ts'
import { completedResult, failedResult, NOTHING_SPENT, stoppedResult } from '../results.ts'
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
    let message: string
    try {
      message = await decide(scope, path, 'message', () => this.#message(input))
    } catch (thrown) {
      if (isControlSignal(thrown)) return this.#stopped(scope, thrown)
      return ended(scope, failedResult(name, path, serializeError(thrown), NOTHING_SPENT))
    }
    recordEvent(scope, path, 'paused', { message })
    return this.#stopped(
      scope,
      new ControlSignal('pause', 'E_PAUSED', `Waits for approval '${name}': ${message}`, {
        hint: `Go on with engine.resume('${run.id}', answer).`,
      }),
    )
  }

  #message(input: unknown): string {
    const { message, name } = this.node
    const text: unknown = typeof message === 'function' ? message(input as never) : message
    if (typeof text === 'string' && text !== '') return text.slice(0, MESSAGE_LENGTH_MAX)
    throw new TypeError(`Expected the message of approval '${name}' to be text, got ${got(text)}.`)
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
