import type { AbortSignalled } from '../base/control.ts'
import type { PauseHolder, Scope } from './scope.ts'

/**
 * Waits until the run pauses. Branches beside this one first come to their own ends, and one of those may make this one
 * needless.
 * @returns the abort that ended the wait, if one did
 */
export function untilPaused(scope: Scope): Promise<AbortSignalled | undefined> {
  const { pauseHolder } = scope
  if (scope.aborted !== undefined || pauseHolder === undefined) return Promise.resolve(scope.aborted)
  return new Promise((resolve) => {
    const end = (signalled?: AbortSignalled): void => {
      scope.offAbort(end)
      leave()
      resolve(signalled)
    }
    const leave = pauseHolder.wait(end)
    scope.onAbort(end)
  })
}

/** The branches of a node that wait for the run to pause: it does when no other branch is open any more. */
export class Pausing implements PauseHolder {
  readonly #scope: Scope
  readonly #openBranches: () => number
  #waiting: Set<() => void> | undefined
  #isPausing = false

  constructor(scope: Scope, openBranches: () => number) {
    this.#scope = scope
    this.#openBranches = openBranches
  }

  wait(go: () => void): () => void {
    const waiting = (this.#waiting ??= new Set())
    waiting.add(go)
    this.look()
    return () => waiting.delete(go)
  }

  /** A branch waits or has ended. */
  look(): void {
    const waiting = this.#waiting
    if (waiting === undefined || waiting.size === 0 || this.#isPausing) return
    if (waiting.size < this.#openBranches()) return
    this.#isPausing = true
    void untilPaused(this.#scope).then((aborted) => {
      // An abort from above has reached the branches, too.
      if (aborted === undefined) for (const go of waiting) go()
    })
  }
}
