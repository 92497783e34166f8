import { ShakedownError } from '../../base/errors.ts'
import type { StepResult } from '../../base/result.ts'
import { Coalescer, type Told } from '../../join/coalescer.ts'
import { policyName } from '../../join/join-policy.ts'
import type { JoinSpec } from '../../join/join-spec.ts'
import type { Resolution } from '../../join/resolution.ts'
import type { Timer } from '../../world/world.ts'
import type { Forked, Watch } from './branches.ts'
import { hasArrived } from './join-tokens.ts'

/** The branches of a node meet once, over its one input. */
const ITEM = ''

/** The join of branches was resolved without this one, so nobody waits for it any more. */
class JoinResolvedError extends ShakedownError {
  override readonly name = 'JoinResolvedError'

  constructor({ join, reason, by }: Resolution) {
    const over = by === 'timeout' ? ', its time over' : ''
    super(
      'E_JOIN_RESOLVED',
      `the join (${policyName(join.policy)}) ${reason === null ? 'has merged' : `has failed: ${reason}`}${over}`,
    )
  }
}

/**
 * The join of a node's branches while they run: it is told what becomes of each, keeps the time, and cancels what is
 * left of them as soon as it is resolved.
 */
export class JoinWatch implements Watch {
  readonly #forked: Forked
  readonly #join: string
  readonly #coalescer: Coalescer
  #timer: Timer | undefined
  #resolution: Resolution | undefined

  /** The clock of its time limit starts here. */
  constructor(forked: Forked, spec: JoinSpec) {
    this.#forked = forked
    this.#join = spec.name
    this.#coalescer = new Coalescer([spec])
    const { clock } = forked.scope.run.world
    const nowMs = clock.monotonicMs()
    this.#coalescer.open(spec.name, ITEM, nowMs)
    this.#arm(nowMs)
  }

  /** What it came to; `undefined` while it waits. */
  get resolution(): Resolution | undefined {
    return this.#resolution
  }

  get isOver(): boolean {
    return this.#resolution !== undefined
  }

  /**
   * A branch has its result. One that is paused neither arrives nor is lost, nor does one that was aborted from above: that
   * is no news for a join that nobody wants any more.
   */
  ended(at: number, result: StepResult): void {
    const { scope, branches } = this.#forked
    const branch = branches[at]?.key
    if (branch === undefined || this.#resolution !== undefined || result.status === 'paused') return
    if (scope.aborted !== undefined && !hasArrived(result)) return
    const nowMs = this.#nowMs()
    const tokenId = this.#forked.parts[at]?.tokenId ?? ''
    this.#heard(
      hasArrived(result)
        ? this.#coalescer.arrive(this.#join, ITEM, { branch, tokenId, value: result.output }, nowMs)
        : this.#coalescer.lose(this.#join, ITEM, { branch, reason: result.feedback ?? result.status }, nowMs),
    )
  }

  /** The node has come to an end by other means, such as an abort: what waits, fails for this reason. */
  abandon(reason: string): void {
    this.#timer?.cancel()
    this.#take(this.#coalescer.abandon(reason, this.#nowMs()))
  }

  /** Its node is paused: it waits for nothing in this process. */
  stop(): void {
    this.#timer?.cancel()
  }

  #arm(nowMs: number): void {
    const { nextDeadlineMs } = this.#coalescer
    if (nextDeadlineMs === undefined) return
    const { clock } = this.#forked.scope.run.world
    const leftMs = nextDeadlineMs - nowMs
    this.#timer = clock.after(leftMs, `time limit of join ${this.#join}`, () => this.#timeIsOver())
  }

  #timeIsOver(): void {
    const nowMs = this.#nowMs()
    this.#take(this.#coalescer.advance(nowMs))
    // A machine's timers may fire a fraction of a millisecond early by its clock.
    this.#arm(nowMs)
  }

  #heard({ resolved }: Told): void {
    this.#take(resolved)
  }

  #take([resolution]: readonly Resolution[]): void {
    if (resolution === undefined) return
    this.#resolution = resolution
    this.#timer?.cancel()
    const { parts, branches } = this.#forked
    const reason = new JoinResolvedError(resolution)
    for (const [at, part] of parts.entries())
      if (resolution.missing.includes(branches[at]?.key ?? '')) part.cancel(reason)
  }

  #nowMs(): number {
    return this.#forked.scope.run.world.clock.monotonicMs()
  }
}
