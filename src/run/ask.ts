import { isControlSignal } from '../base/control.ts'
import { DecisionError } from '../base/errors.ts'
import { describeThrown, serializeError } from '../base/serialize-error.ts'
import type { DecisionContext, LoopContext } from '../context/decision-context.ts'
import type { SerializedError } from '../base/result.ts'
import { decide } from './decide.ts'
import type { Scope } from './scope.ts'
import type { Stop } from './stop.ts'
import { untilAborted } from './until-aborted.ts'

/** What came of asking: a decision, something thrown, or the end of the run. */
export type Answer<T> = { readonly kind: 'decided'; readonly value: T } | Undecided

export type Undecided =
  | { readonly kind: 'failed'; readonly error: SerializedError }
  | { readonly kind: 'stopped'; readonly stop: Stop }

/** Who is asked, in words, for errors: `The selector of choose 'route'`. */
interface Question<T> {
  readonly who: string
  /** Unique among the decisions of one visit to the node, such as `until 3`. */
  readonly what: string
  readonly ask: () => T | PromiseLike<T>
}

/**
 * Asks the user's own code for a decision. Whatever it throws is an answer, too, and an abort ends the wait for it.
 * Time that it takes is for the caller to count: `scope.continuesMs` is when the answer was there.
 */
export async function askFor<T>(scope: Scope, path: string, question: Question<T>): Promise<Answer<T>> {
  const stop = scope.aborted ?? scope.run.unrecorded
  if (stop !== undefined) return { kind: 'stopped', stop }
  const asked = answerOf(scope, path, question)
  const answer = await (scope.abortable ? unlessAborted(scope, asked) : asked)
  scope.continuesMs = scope.run.world.clock.monotonicMs()
  return answer
}

async function answerOf<T>(scope: Scope, path: string, { who, what, ask }: Question<T>): Promise<Answer<T>> {
  try {
    return { kind: 'decided', value: await decide(scope, path, what, ask) }
  } catch (thrown) {
    if (isControlSignal(thrown)) return { kind: 'stopped', stop: thrown }
    const error = new DecisionError(`${who} threw: ${describeThrown(thrown)}`, { cause: thrown })
    return { kind: 'failed', error: serializeError(error) }
  }
}

/** A decision that cannot be. */
export function impossible(message: string): Undecided {
  return { kind: 'failed', error: serializeError(new DecisionError(message)) }
}

/** What was asked, or the abort that ended the wait; what is asked then may still be going on. */
async function unlessAborted<T>(scope: Scope, asked: Promise<Answer<T>>): Promise<Answer<T>> {
  const waited = await untilAborted(scope, asked)
  if (waited.kind === 'came') return waited.value
  return { kind: 'stopped', stop: waited.stop }
}

/** What a selector is given beside its input. */
export function decisionContext(scope: Scope, path: string): DecisionContext {
  return new Decision(scope, path)
}

/** What a loop's functions are given beside a value. */
export function loopContext(scope: Scope, path: string, iteration: number): LoopContext {
  return new LoopDecision(scope, path, iteration)
}

class Decision implements DecisionContext {
  readonly path: string
  readonly #scope: Scope
  #view: DecisionContext['context'] | undefined = undefined

  constructor(scope: Scope, path: string) {
    this.path = path
    this.#scope = scope
  }

  get runId(): string {
    return this.#scope.run.id
  }

  // Made when it is asked for: most decisions look at the value alone.
  get context(): DecisionContext['context'] {
    if (this.#view === undefined) {
      const view = this.#scope.context.view()
      this.#view = Object.freeze({
        get: (key: string) => view.get(key),
        has: (key: string) => view.has(key),
        keys: () => view.keys(),
      })
    }
    return this.#view
  }
}

class LoopDecision extends Decision implements LoopContext {
  readonly iteration: number

  constructor(scope: Scope, path: string, iteration: number) {
    super(scope, path)
    this.iteration = iteration
  }
}
