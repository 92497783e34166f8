import type { StepResult } from '../../base/result.ts'
import { serializeError } from '../../base/serialize-error.ts'
import type { ConversationNode, Turn } from '../../nodes/conversation.ts'
import { type Heard, LoopRun } from './loop-run.ts'
import type { Plan, PlannedChild } from '../plan.ts'
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
    const heard = (result: StepResult, round: Scope): Heard => {
      const said = this.#listener.hear(result)
      try {
        addTurns(round.context, talk.history, said.turns)
        trimTurns(round.context, talk)
      } catch (thrown) {
        return serializeError(thrown)
      }
      for (const turn of said.turns) turns.push(turn)
      return said.finishes ? 'finished' : 'on'
    }
    const going = { name, where: `conversation '${name}'`, path, body: this.#body, policy, heard }
    const loop = new LoopRun(going, scope)
    try {
      addTurns(scope.context, talk.history, turns)
    } catch (thrown) {
      return recordStep(scope, 'conversation', loop.unheard(serializeError(thrown)))
    }
    const result = await loop.run(input)
    if (result.success) tell(result, turns)
    return recordStep(scope, 'conversation', result)
  }
}
