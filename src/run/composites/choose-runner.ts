import { InputError } from '../../base/errors.ts'
import { firstInline } from '../../base/listed.ts'
import { got } from '../../base/got.ts'
import { didYouMean } from '../../base/nearest.ts'
import type { StepResult } from '../../base/result.ts'
import { describeThrown, serializeError } from '../../base/serialize-error.ts'
import { isolate } from '../../context/isolate.ts'
import { type ChooseNode, OTHERWISE } from '../../nodes/choose.ts'
import { type Answer, askFor, decisionContext, impossible } from '../ask.ts'
import type { Plan, PlannedChild } from '../plan.ts'
import { addLatency, failedResult, NOTHING_SPENT, sameEnd, stoppedResult, sumSpent } from '../results.ts'
import type { Scope } from '../scope.ts'
import { recordEvent, recordStep } from '../trail.ts'

/** Branches that a message names; more are counted. */
const NAMED_MAX = 20

/** A choice at its place: asks its selector, then runs one branch. */
export class ChooseRunner implements Plan {
  static readonly events = ['chosen'] as const
  readonly node: ChooseNode<never, unknown>
  readonly path: string
  readonly #children: readonly PlannedChild[]
  readonly #plans: ReadonlyMap<string, Plan>

  constructor(node: ChooseNode<never, unknown>, path: string, children: readonly PlannedChild[]) {
    this.node = node
    this.path = path
    this.#children = children
    this.#plans = new Map(children.map(({ key, plan }) => [key, plan]))
  }

  children(): readonly PlannedChild[] {
    return this.#children
  }

  history(result: StepResult): readonly StepResult[] {
    return [result]
  }

  async execute(input: unknown, scope: Scope, hasFallback: boolean): Promise<StepResult> {
    const { path } = this
    const { name } = this.node
    const startedMs = scope.continuesMs
    const answer = await this.#chosen(input, scope)
    const decidingMs = scope.continuesMs - startedMs
    if (answer.kind !== 'decided') {
      const spent = { ...NOTHING_SPENT, latencyMs: decidingMs }
      const result =
        answer.kind === 'stopped'
          ? stoppedResult(name, path, answer.stop, spent)
          : failedResult(name, path, answer.error, spent)
      return recordStep(scope, 'choose', result)
    }
    const { key, plan, detail } = answer.value
    recordEvent(scope, path, 'chosen', detail)
    const result = await plan.execute(input, scope, hasFallback)
    const spent = addLatency(sumSpent([result]), decidingMs)
    const whole = sameEnd(name, path, result, spent, { [key]: result }, { chosen: key })
    return recordStep(scope, 'choose', whole)
  }

  /** The branch that runs. */
  async #chosen(input: unknown, scope: Scope): Promise<Answer<Chosen>> {
    const { node, path } = this
    let mine: unknown
    try {
      // The branch must not see what the selector does to it.
      mine = isolate(input)
    } catch (thrown) {
      const error = new InputError(node.name, describeThrown(thrown), thrown, 'choose')
      return { kind: 'failed', error: serializeError(error) }
    }
    const answer = await askFor<unknown>(scope, path, {
      who: `The selector of choose '${node.name}'`,
      what: 'select',
      ask: () => node.select(mine as never, decisionContext(scope, path)),
    })
    if (answer.kind !== 'decided') return answer
    const selected = answer.value
    const plan = typeof selected === 'string' ? this.#plans.get(selected) : undefined
    if (plan !== undefined && typeof selected === 'string')
      return { kind: 'decided', value: { key: selected, plan, detail: { branch: selected } } }
    const otherwise = this.#plans.get(OTHERWISE)
    return otherwise === undefined
      ? this.#noSuchBranch(selected)
      : {
          kind: 'decided',
          value: {
            key: OTHERWISE,
            plan: otherwise,
            detail: { branch: OTHERWISE, selected: typeof selected === 'string' ? selected : got(selected) },
          },
        }
  }

  #noSuchBranch(selected: unknown): Answer<never> {
    const names = [...this.#plans.keys()]
    const known = firstInline(
      names.map((name) => `'${name}'`),
      NAMED_MAX,
    )
    const near = typeof selected === 'string' ? didYouMean(selected, names) : ''
    return impossible(
      `Expected the selector of choose '${this.node.name}' to give the name of one of its branches, ${known}, got ${got(selected)}.${near}`,
    )
  }
}

interface Chosen {
  readonly key: string
  readonly plan: Plan
  /** What the trail says of it. */
  readonly detail: Readonly<Record<string, unknown>>
}
