import type { StepResult } from '../../base/result.ts'
import type { Talk, Turn } from '../../nodes/conversation.ts'
import type { Plan } from '../plan.ts'
import { isFinish, turnOf } from './turns.ts'

/** What each conversation that completed has added to its history: beside the results, which are plain data. */
const told = new WeakMap<StepResult, readonly Turn[]>()

/** Says what a conversation has added to its history, for the one around it. */
export function tell(result: StepResult, turns: readonly Turn[]): void {
  told.set(result, turns)
}

/** What was said in an iteration. */
export interface Said {
  readonly turns: Turn[]
  /** Somebody who spoke, or had the last word, ends the conversation. */
  finishes: boolean
}

/** Reads who spoke in the results of a plan. */
export class Listener {
  readonly #speakers: Talk['speakers']
  readonly #plans = new Map<string, Plan>()

  constructor(body: Plan, speakers: Talk['speakers']) {
    this.#speakers = speakers
    const add = (plan: Plan): void => {
      this.#plans.set(plan.path, plan)
      for (const child of plan.children()) add(child.plan)
    }
    add(body)
  }

  /** What was said in a node that completed, in the order in which its parts are declared. */
  hear(result: StepResult): Readonly<Said> {
    const said: Said = { turns: [], finishes: this.#finishes(result) }
    this.#hear(result, true, said)
    return said
  }

  /** True when the last word of a node is to end the conversation it is in. That of a conversation ends that one alone. */
  #finishes(result: StepResult): boolean {
    if (!result.success || told.has(result)) return false
    const lasts = this.#lastParts(result)
    return lasts.length === 0 ? isFinish(result.output) : lasts.some((part) => this.#finishes(part))
  }

  /** @param last what it says is the last word of the iteration, or of a branch of it */
  #hear(result: StepResult, last: boolean, said: Said): void {
    // Neither what failed speaks, nor anything inside it.
    if (!result.success) return
    const own = told.get(result)
    if (own !== undefined) {
      for (const turn of own) said.turns.push(turn)
      return
    }
    const speakers = this.#speakers
    const plan = this.#plans.get(result.path)
    const say = (): void => {
      const role = plan?.node.kind === 'approval' ? 'user' : 'assistant'
      for (const turn of turnOf(role, result.output)) said.turns.push(turn)
      if (role === 'assistant' && this.#finishes(result)) said.finishes = true
    }
    if (typeof speakers === 'object' && plan !== undefined && speakers.named.has(plan.node.name)) return say()
    const parts = this.#parts(result)
    if (parts.length === 0) {
      if (speakers === 'all' || (speakers === 'last' && last)) say()
      return
    }
    const lasts = new Set(last ? this.#lastParts(result) : [])
    for (const part of parts) this.#hear(part, lasts.has(part), said)
    // What a mapper made of the last word is said instead of it.
    if (speakers === 'last' && last && lasts.size === 0) say()
  }

  /** The results inside one, in the order in which they are declared. */
  #parts(result: StepResult): readonly StepResult[] {
    const ran = this.#plans.get(result.path)?.history(result) ?? []
    // By the plan where it knows: keys that look like numbers would come first.
    return ran.length > 1 || ran[0] !== result ? ran : Object.values(result.children)
  }

  /** The parts whose output is the node's: its last one, each of those side by side, none where a mapper made another one. */
  #lastParts(result: StepResult): readonly StepResult[] {
    const completed = this.#parts(result).filter(({ success }) => success)
    if (this.#plans.get(result.path)?.sideBySide === true) return completed
    const last = completed.at(-1)
    return last !== undefined && Object.is(last.output, result.output) ? [last] : []
  }
}
