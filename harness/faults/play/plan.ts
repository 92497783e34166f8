import type { FaultAction } from './action.ts'
import { FaultProgramError } from '../grammar/fault-errors.ts'
import { printPointPattern } from '../text/print.ts'
import type { FaultProgram } from '../grammar/program.ts'
import type { CallMatcher, PointCall } from '../points/point.ts'
import { callMatcher, type PointPattern } from '../points/points.ts'
import { Script } from './script.ts'
import { addUnfired, type UnfiredFault } from './vacuity.ts'

/** The scripts bound to one name: some for single calls, at most one for all the others. */
interface Track {
  /** Calls that the name means, so far. */
  calls: number
  readonly nths: Map<number, Script>
  general: Script | undefined
}

/** A track whose name has to be compared with each call. */
interface MatchedTrack {
  readonly matcher: CallMatcher
  readonly track: Track
}

/**
 * What is to go wrong in a scenario: each boundary point's program, and how far it has been played. Built once per
 * scenario and reset for every run; a call without a fault allocates nothing.
 *
 * - A step takes `times` calls, then the next one does; the last one repeats.
 * - A call that a `%` step does not draw passes through and counts. 100% draws nothing from the random sequence.
 * - `#nth` binds that call alone and wins; the general program does not see the call and is played on by the next one.
 *   Calls are counted for each name: `http:GET /items?page=2#2` is the second request for that page.
 * - Of several names that mean a call, the one that says the most about it acts: `where` before no `where`, `http:POST /orders`
 *   before `http:* /orders`, and of two that say as much, the one declared first.
 *
 * @example
 * ```ts
 * import { seen } from '../points/verb.ts'
 * const world = new SimWorld()
 * const plan = new FaultPlan([[parsePointPattern('step:draft'), parseFaultProgram('3*reject -> off')]])
 * const boundary: Boundary = (call, real) => {
 *   const action = plan.next(call, world.random)
 *   return action === undefined ? real() : seen(action.act(call, real, world))
 * }
 * ```
 */
export class FaultPlan {
  /** By the point of the calls. */
  readonly #named = new Map<string, Track>()
  /** The highest rank first. */
  readonly #matched: MatchedTrack[] = []
  readonly #bound: { readonly pattern: PointPattern; readonly script: Script }[] = []
  #firedCount = 0

  /** @throws FaultProgramError for a program that is not one for its point, and for two programs under one pattern */
  constructor(entries: Iterable<readonly [PointPattern, FaultProgram]>) {
    const tracks = new Map<string, Track>()
    for (const [pattern, program] of entries) this.#bind(tracks, pattern, program)
    this.#matched.sort((a, b) => b.matcher.rank - a.matcher.rank)
  }

  /** Faults performed since the last reset; plain `off` steps are none. */
  get firedCount(): number {
    return this.#firedCount
  }

  /** The patterns that have a program, in declared order. */
  get patterns(): readonly PointPattern[] {
    return this.#bound.map(({ pattern }) => pattern)
  }

  /**
   * What is to be done about a call; `undefined` when the real thing runs. Asking counts: ask once per call.
   * @param random the world's; drawn from only where a `%` step asks
   */
  next(call: PointCall, random: () => number): FaultAction | undefined {
    const named = this.#named.get(call.point)
    if (this.#matched.length > 0) return this.#take(this.#scriptFor(call, named), random)
    if (named === undefined) return undefined
    named.calls += 1
    return this.#take(named.nths.get(named.calls) ?? named.general, random)
  }

  /** Starts over: nothing has been called, nothing has fired. */
  reset(): void {
    for (const { script } of this.#bound) script.reset()
    for (const track of this.#named.values()) track.calls = 0
    for (const { track } of this.#matched) track.calls = 0
    this.#firedCount = 0
  }

  /** The faults that were scripted in vain, in declared order; see `UnfiredFault` for the rule. */
  unfired(): readonly UnfiredFault[] {
    const unfired: UnfiredFault[] = []
    for (const { script } of this.#bound) addUnfired(unfired, script.counts)
    return unfired
  }

  #take(script: Script | undefined, random: () => number): FaultAction | undefined {
    const action = script?.take(random)
    if (action !== undefined) this.#firedCount += 1
    return action
  }

  /** Every name that means the call counts it; a script for this call alone wins over any general one. */
  #scriptFor(call: PointCall, named: Track | undefined): Script | undefined {
    let single: Script | undefined
    let general: Script | undefined
    for (const { matcher, track } of this.#matched) {
      const stays = track.general?.stuck === true && matcher.reaches?.(call) === true
      if (!stays && !matcher.matches(call)) continue
      track.calls += 1
      single ??= track.nths.get(track.calls)
      general ??= track.general
    }
    if (named !== undefined) {
      named.calls += 1
      single ??= named.nths.get(named.calls)
      general ??= named.general
    }
    return single ?? general
  }

  #bind(tracks: Map<string, Track>, pattern: PointPattern, program: FaultProgram): void {
    const printed = printPointPattern(pattern)
    const script = makeScript(printed, pattern, program)
    const track = this.#trackOf(tracks, pattern)
    const taken = pattern.nth === undefined ? track.general !== undefined : track.nths.has(pattern.nth)
    if (taken)
      throw new FaultProgramError(`Expected one fault program for \`${printed}\`, got two.`, {
        point: printed,
      })
    if (pattern.nth === undefined) track.general = script
    else track.nths.set(pattern.nth, script)
    this.#bound.push({ pattern, script })
  }

  #trackOf(tracks: Map<string, Track>, pattern: PointPattern): Track {
    const point = printPointPattern({ ...pattern, nth: undefined })
    let track = tracks.get(point)
    if (track !== undefined) return track
    const matcher = callMatcher(pattern)
    track = { calls: 0, nths: new Map(), general: undefined }
    if (matcher === undefined) this.#named.set(point, track)
    else this.#matched.push({ matcher, track })
    tracks.set(point, track)
    return track
  }
}

function makeScript(point: string, pattern: PointPattern, program: FaultProgram): Script {
  if (pattern.nth !== undefined && (program.steps.length > 1 || program.steps[0]?.times !== 1)) {
    throw new FaultProgramError(
      `Expected one step without a count for \`${point}\`, which is a single call, got a longer script.`,
      {
        point,
        hint: `Write one pattern per call, or put the script on \`${printPointPattern({ ...pattern, nth: undefined })}\`.`,
      },
    )
  }
  try {
    return new Script(pattern, point, program)
  } catch (cause) {
    if (!(cause instanceof FaultProgramError)) throw cause
    throw new FaultProgramError(`\`${point}\`: ${cause.message}`, { point, hint: cause.hint })
  }
}
