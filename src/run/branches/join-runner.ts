import { isControlSignal } from '../../base/control.ts'
import { InputError } from '../../base/errors.ts'
import { got } from '../../base/got.ts'
import { firstInline } from '../../base/listed.ts'
import type { StepResult } from '../../base/result.ts'
import { describeThrown, serializeError } from '../../base/serialize-error.ts'
import { isolate } from '../../context/isolate.ts'
import type { Resolution } from '../../join/resolution.ts'
import type { JoinNode, ReadItem } from '../../nodes/join.ts'
import { type Answer, askFor, decisionContext, impossible } from '../ask.ts'
import { joinError, metadataOf } from './joined-branches.ts'
import { meetingsOf } from './meetings.ts'
import type { Plan, PlannedChild } from '../plan.ts'
import {
  completedResult,
  failedResult,
  NOTHING_SPENT,
  skippedResult,
  type Spent,
  stoppedResult,
} from '../results.ts'
import type { Scope } from '../scope.ts'
import type { Met } from './settle-meeting.ts'
import { recordStep } from '../trail.ts'

/** Missing branches named in a text. */
const NAMED_MAX = 10
const NO_CHILDREN: readonly PlannedChild[] = []

/** Names the branches that a failed join has waited for in vain; the reason of some names what was lost already. */
function notCome(resolution: Resolution | undefined): string {
  if (resolution === undefined || resolution.missing.length === 0) return ''
  const names = resolution.missing.map((branch) => `'${branch}'`)
  return `: ${firstInline(names, NAMED_MAX)} of '${resolution.item}' ${names.length === 1 ? 'has' : 'have'} not come`
}

/** A join of items at its place: reads where an item belongs, and waits with it. */
export class JoinRunner implements Plan {
  static readonly events = ['join_forgotten'] as const
  readonly node: JoinNode<never, unknown>
  readonly path: string

  constructor(node: JoinNode<never, unknown>, path: string) {
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
    const { node, path } = this
    const { name } = node
    const startedMs = scope.continuesMs
    const spent = (): Spent => ({ ...NOTHING_SPENT, latencyMs: scope.continuesMs - startedMs })
    const read = await this.#read(input, scope)
    if (read.kind === 'stopped')
      return recordStep(scope, 'join', stoppedResult(name, path, read.stop, spent()))
    if (read.kind === 'failed')
      return recordStep(scope, 'join', failedResult(name, path, read.error, spent()))
    // Of this item; once it goes on, the scope is that of another token.
    const { tokenId } = scope
    let met: Met
    try {
      met = await meetingsOf(scope.run).arrive(this, { scope, ...read.value, value: input })
    } catch (thrown) {
      scope.continuesMs = scope.run.world.clock.monotonicMs()
      const result = isControlSignal(thrown)
        ? stoppedResult(name, path, thrown, spent())
        : failedResult(name, path, serializeError(thrown), spent())
      return recordStep(scope, 'join', result)
    }
    scope.continuesMs = scope.run.world.clock.monotonicMs()
    return this.#resultOf(met, scope, tokenId, spent())
  }

  /** The result for one item. That its token came to the join is on record already, unless it came late. */
  #resultOf(met: Met, scope: Scope, tokenId: string, spent: Spent): StepResult {
    const { path } = this
    const { name } = this.node
    switch (met.kind) {
      case 'goes-on':
        return completedResult(name, path, met.resolution.output, spent, metadataOf(met.resolution))
      case 'coalesced':
        return skippedResult(
          name,
          path,
          `Token ${tokenId} went into token ${met.into}, which goes on.`,
          spent,
          {
            coalescedInto: met.into,
          },
        )
      case 'failed': {
        const error = joinError(`${met.reason}${notCome(met.resolution)}`, undefined)
        // Of one that comes late nothing is on record yet.
        return met.resolution === undefined
          ? recordStep(scope, 'join', failedResult(name, path, error, spent))
          : failedResult(name, path, error, spent, metadataOf(met.resolution))
      }
      case 'cancelled':
        return scope.aborted === undefined
          ? failedResult(name, path, joinError('the run has ended', undefined), spent)
          : stoppedResult(name, path, scope.aborted, spent)
    }
  }

  async #read(
    input: unknown,
    scope: Scope,
  ): Promise<Answer<{ readonly key: string; readonly branch: string }>> {
    const key = await this.#ask('key', this.node.key, input, scope)
    if (key.kind !== 'decided') return key
    const branch = await this.#ask('branch', this.node.branch, input, scope)
    if (branch.kind !== 'decided') return branch
    return { kind: 'decided', value: { key: key.value, branch: branch.value } }
  }

  async #ask(what: string, ask: ReadItem<never>, input: unknown, scope: Scope): Promise<Answer<string>> {
    const { node, path } = this
    let mine: unknown
    try {
      mine = isolate(input)
    } catch (thrown) {
      return {
        kind: 'failed',
        error: serializeError(new InputError(node.name, describeThrown(thrown), thrown, 'join')),
      }
    }
    const who = `\`${what}\` of join '${node.name}'`
    const answer = await askFor<unknown>(scope, path, {
      who,
      what,
      ask: () => ask(mine as never, decisionContext(scope, path)),
    })
    if (answer.kind !== 'decided') return answer
    const { value } = answer
    return typeof value === 'string'
      ? { kind: 'decided', value }
      : impossible(`Expected ${who} to give a text, got ${got(value)}.`)
  }
}
