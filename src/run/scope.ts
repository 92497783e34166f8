import { AbortSignalled } from '../base/control.ts'
import { addUsage, NO_USAGE, type Usage } from '../base/result.ts'
import type { RunContext } from '../context/run-context.ts'
import type { Run } from './run.ts'

/** Called once when a scope is aborted; an object in the place of a function saves every attempt in a branch one. */
export type AbortHook = ((signalled: AbortSignalled) => void) | AbortListener

/** What hears of an abort. */
export interface AbortListener {
  aborted(signalled: AbortSignalled): void
}

/** Decides when what can only go on after a pause pauses the run. */
export interface PauseHolder {
  /** @returns lets it wait no longer */
  wait(go: () => void): () => void
}

/** What a scope starts with; see the fields of the same names. */
export interface ScopeStart {
  readonly tokenId: string
  readonly visit: number
  readonly context: RunContext
  readonly abortable: boolean
  readonly visits?: Map<string, number>
  /** Default: now. */
  readonly continuesMs?: number
}

/**
 * One token's view of a run: everything a runner may touch on its behalf. The root scope is the whole run's; a branch,
 * an item or an iteration works in a scope of its own below it, with its own token, context and abort.
 *
 * Aborting a scope aborts every scope below it, and no other.
 */
export class Scope {
  readonly run: Run
  readonly context: RunContext
  /** How many times this token has come to this path, from 1; only a loop makes it more. */
  readonly visit: number
  /** How often each loop, by its path, has been gone round; iterations share it with the scope they are part of. */
  #visits: Map<string, number> | undefined
  /** True when something can abort this scope, so that its attempts have to be interruptible. */
  readonly abortable: boolean
  /** Set once it has been aborted. */
  aborted: AbortSignalled | undefined = undefined
  /** Its token has its outcome: a join has given it. Whoever ends the scope gives it no other. */
  ended = false
  /**
   * When what comes next starts: one reading of the clock ends an attempt and starts the step after it, because reading
   * it costs as much as the rest of a short step. A runner that waits by other means than an attempt sets it anew.
   */
  continuesMs: number
  readonly #parent: Scope | undefined
  /** The scopes below that an abort of this one reaches, as a list through them: a fork makes and ends them by the thousand. */
  #firstBelow: Scope | undefined
  #lastBelow: Scope | undefined
  #before: Scope | undefined
  #after: Scope | undefined
  #linked = false
  #tokenId: string
  #spent: Usage = NO_USAGE
  /** Most scopes have one hook at a time: what is going on in them. A set of one would cost as much as a short step. */
  #hook: AbortHook | undefined
  #moreHooks: Set<AbortHook> | undefined
  /** Functions still running although their attempts are over, here and below. */
  #leftRunning = 0
  #pauseHolder: PauseHolder | undefined
  /** True once they are no longer counted above. */
  #abandoned = false
  #settledHooks: Set<() => void> | undefined

  constructor(run: Run, start: ScopeStart, parent?: Scope) {
    this.run = run
    this.context = start.context
    this.visit = start.visit
    this.abortable = start.abortable
    this.#visits = start.visits
    this.#tokenId = start.tokenId
    this.#parent = parent
    this.continuesMs =
      start.continuesMs ?? (parent === undefined ? run.startedMs : run.world.clock.monotonicMs())
    if (parent === undefined) return
    if (parent.aborted === undefined) this.#link(parent)
    else this.aborted = parent.aborted
  }

  /** The token whose data is at hand. A join makes the scope carry on as another one. */
  get tokenId(): string {
    return this.#tokenId
  }

  /** The token this scope had is at its end; what comes next happens to another one. */
  carryOnAs(tokenId: string): void {
    this.#tokenId = tokenId
    this.#spent = NO_USAGE
    this.continuesMs = this.run.world.clock.monotonicMs()
  }

  /** An iteration is over: what comes next happens to the token that came out of it, which may be the same one. */
  carryOnAfter(iteration: Scope): void {
    if (iteration.#tokenId !== this.#tokenId) {
      this.#tokenId = iteration.#tokenId
      this.#spent = iteration.#spent
    }
    this.continuesMs = this.run.world.clock.monotonicMs()
  }

  /** What has been spent on its token, here and below. */
  get spent(): Usage {
    return this.#spent
  }

  /** Adds to what has been spent on its token. */
  spend(usage: Usage): void {
    this.#spent = addUsage(this.#spent, usage)
    this.#parent?.spend(usage)
  }

  /** This scope, or the nearest one above it, that can still be aborted; `undefined` once the whole run has been. */
  get unaborted(): Scope | undefined {
    return this.aborted === undefined ? this : this.#parent?.unaborted
  }

  /** How often each loop has been gone round, by its path. */
  get visits(): Map<string, number> {
    return (this.#visits ??= new Map())
  }

  /** Who decides when what is in here pauses the run; `undefined` where nothing goes on beside it. */
  get pauseHolder(): PauseHolder | undefined {
    return this.#pauseHolder ?? this.#parent?.pauseHolder
  }

  set pauseHolder(holder: PauseHolder | undefined) {
    this.#pauseHolder = holder
  }

  /** It was aborted with the whole run, by the caller. */
  get isAbortedFromOutside(): boolean {
    return this.#parent === undefined ? this.aborted !== undefined : this.#parent.isAbortedFromOutside
  }

  /** Aborts this scope and those below it. `reason` becomes the reason of every signal its attempts were given. */
  cancel(reason: unknown): void {
    this.#abort(new AbortSignalled(reason, this.#parent === undefined ? 'run' : 'branch'))
  }

  /** Calls the hook when the scope is aborted; the caller has to take it off again. */
  onAbort(hook: AbortHook): void {
    if (this.#hook === undefined) this.#hook = hook
    else (this.#moreHooks ??= new Set()).add(hook)
  }

  offAbort(hook: AbortHook): void {
    if (this.#hook === hook) this.#hook = undefined
    else this.#moreHooks?.delete(hook)
  }

  /** Waits in the world's time; ends at once, quietly, when the scope is aborted. */
  sleep(ms: number, point: string): Promise<void> {
    if (this.aborted !== undefined) return Promise.resolve()
    if (!this.abortable) return new Promise((resolve) => void this.run.world.clock.after(ms, point, resolve))
    return new Promise((resolve) => {
      const end = (): void => {
        timer.cancel()
        this.offAbort(end)
        resolve()
      }
      const timer = this.run.world.clock.after(ms, point, end)
      this.onAbort(end)
    })
  }

  /** An attempt is over, by its timeout or an abort, and its function is still running. */
  functionLeftRunning(): void {
    this.#leftRunning++
    this.#parent?.functionLeftRunning()
  }

  /** Such a function has returned or thrown. */
  functionSettled(): void {
    this.#leftRunning--
    if (this.#leftRunning === 0) for (const hook of this.#settledHooks ?? []) hook()
    if (!this.#abandoned) this.#parent?.functionSettled()
  }

  /** Nobody waits for the functions still running here any longer, those above neither. */
  abandon(): void {
    const parent = this.#parent
    if (parent !== undefined && !this.#abandoned) parent.#forget(this.#leftRunning)
    this.#abandoned = true
  }

  #forget(running: number): void {
    const parent = this.#parent
    this.#leftRunning -= running
    if (parent !== undefined && !this.#abandoned) parent.#forget(running)
  }

  /**
   * Waits until no function of an attempt here or below is running any more, at most `withinMs` of the world's time,
   * and no longer than until the scope above is aborted.
   * @returns how many still are; they are abandoned
   */
  settled(withinMs: number): Promise<number> {
    const parent = this.#parent
    if (this.#leftRunning === 0 || parent?.aborted !== undefined) return Promise.resolve(this.#leftRunning)
    return new Promise((resolve) => {
      const hooks = (this.#settledHooks ??= new Set())
      const end = (): void => {
        timer.cancel()
        hooks.delete(end)
        parent?.offAbort(end)
        resolve(this.#leftRunning)
      }
      const timer = this.run.world.clock.after(withinMs, 'functions of cancelled attempts', end)
      hooks.add(end)
      parent?.onAbort(end)
    })
  }

  /** Its work is done: an abort of the scope above no longer reaches it. */
  close(): void {
    const parent = this.#parent
    if (!this.#linked || parent === undefined) return
    this.#linked = false
    if (this.#before === undefined) parent.#firstBelow = this.#after
    else this.#before.#after = this.#after
    if (this.#after === undefined) parent.#lastBelow = this.#before
    else this.#after.#before = this.#before
  }

  #link(parent: Scope): void {
    this.#linked = true
    this.#before = parent.#lastBelow
    if (this.#before === undefined) parent.#firstBelow = this
    else this.#before.#after = this
    parent.#lastBelow = this
  }

  #abort(signalled: AbortSignalled): void {
    // The first abort is the one that its attempts heard of.
    if (this.aborted !== undefined) return
    this.aborted = signalled
    if (this.#hook !== undefined) tell(this.#hook, signalled)
    if (this.#moreHooks !== undefined) for (const hook of this.#moreHooks) tell(hook, signalled)
    for (let below = this.#firstBelow; below !== undefined; below = below.#after) below.#abort(signalled)
  }
}

function tell(hook: AbortHook, signalled: AbortSignalled): void {
  if (typeof hook === 'function') hook(signalled)
  else hook.aborted(signalled)
}

/** Who follows a caller's signal: scopes that it aborts, in the order of their coming. */
interface Followers {
  readonly scopes: Set<Scope>
  readonly abort: () => void
}

/** One listener for all runs that share a signal: a signal goes through all that it has whenever one comes or goes. */
const followersOf = new WeakMap<AbortSignal, Followers>()

/**
 * Aborts the scope when the caller's signal fires, and does so now if it has.
 * @returns lets go of the signal
 */
export function followSignal(scope: Scope, signal: AbortSignal): () => void {
  if (signal.aborted) {
    scope.cancel(signal.reason)
    return NOTHING_TO_LET_GO
  }
  const followers = followersOf.get(signal) ?? listenTo(signal)
  followers.scopes.add(scope)
  return () => {
    followers.scopes.delete(scope)
    if (followers.scopes.size > 0 || followersOf.get(signal) !== followers) return
    followersOf.delete(signal)
    signal.removeEventListener('abort', followers.abort)
  }
}

const NOTHING_TO_LET_GO = (): void => {}

function listenTo(signal: AbortSignal): Followers {
  const scopes = new Set<Scope>()
  const abort = (): void => {
    for (const scope of scopes) scope.cancel(signal.reason)
  }
  const followers = { scopes, abort }
  followersOf.set(signal, followers)
  signal.addEventListener('abort', abort, { once: true })
  return followers
}
