import type { StepResult } from '../../base/result.ts'
import { serializeError } from '../../base/serialize-error.ts'
import type { ConversationNode, Turn } from '../../nodes/conversation.ts'
import { type Heard, LoopRun } from './loop-run.ts'
import type { Plan, PlannedChild } from '../plan.ts'
import { failedResult, NOTHING_SPENT } from '../results.ts'
import type { Scope } from '../scope.ts'
import { Listener, tell } from './speaking.ts'
import { recordStep } from '../trail.ts'
import { addTurns, trimTurns, turnOf } from './turns.ts'

/** A conversation at its place: a loop that keeps what was said. */
export class ConversationRunner implements Plan {
  static readonly events = ['iteration'] as const
  readonly node: ConversationNode<never, unknown>
  readonly path: string
  readonly #children: readonly PlannedChild[]
  readonly #body: Plan
  readonly #listener: Listener

  constructor(node: ConversationNode<never, unknown>, path: string, children: readonly PlannedChild[]) {
    const [body] = children
    if (body === undefined) throw new TypeError(`conversation '${node.name}' has no body`)
    this.node = node
    this.path = path
    this.#children = children
    this.#body = body.plan
    this.#listener = new Listener(body.plan, node.talk.speakers)
  }

  children(): readonly PlannedChild[] {
    return this.#children
  }

  history(result: StepResult): readonly StepResult[] {
    return [result]
  }

  async execute(input: unknown, scope: Scope): Promise<StepResult> {
    const { path } = this
    const { name, policy, talk } = this.node
    const turns: Turn[] = [...turnOf('user', input)]
    try {
      addTurns(scope.context, talk.history, turns)
    } catch (thrown) {
      return recordStep(
        scope,
        'conversation',
        failedResult(name, path, serializeError(thrown), NOTHING_SPENT),
      )
    }
    const heard = (result: StepResult, round: Scope): Heard => {
      const said = this.#listener.turns(result)
      try {
        addTurns(round.context, talk.history, said)
        trimTurns(round.context, talk)
      } catch (thrown) {
        return serializeError(thrown)
      }
      for (const turn of said) turns.push(turn)
      return this.#listener.finishes(result) ? 'finished' : 'on'
    }
    const going = { name, where: `conversation '${name}'`, path, body: this.#body, policy, heard }
    const result = await new LoopRun(going, scope).run(input)
    if (result.success) tell(result, turns)
    return recordStep(scope, 'conversation', result)
  }
}
