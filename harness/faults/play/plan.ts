import type { FaultAction } from './action.ts'
import { FaultProgramError } from '../grammar/fault-errors.ts'
import { printPointPattern } from '../text/print.ts'
import type { FaultProgram, PointPattern } from '../grammar/program.ts'
import { Script } from './script.ts'
import { toFired, toUnfired, type FiredFault, type UnfiredFault } from './vacuity.ts'

/** The scripts bound to one point: some for single calls, at most one for all the others. */
interface Track {
  readonly nths: Map<number, Script>
  general: Script | undefined
  /** Calls seen, for tracks of `http:* …` only: their points are several, each counting for itself. */
  calls: number
}

/**
 * What is to go wrong in a scenario: each boundary point's program, and how far it has been played. Built once per
 * scenario and reset for every run; a call without a fault allocates nothing.
 *
 * - A step takes `times` calls, then the next one does; the last one repeats.
 * - A call that a `%` step does not draw passes through and counts. 100% draws nothing from the random sequence.
 * - `#nth` binds that call alone and wins; the general program does not see the call and is played on by the next one.
 * - `http:* /path` takes the calls of every method that has no pattern of its own for the call.
 *
 * @example
 * ```ts
 * const plan = new FaultPlan([[parsePointPattern('step:draft'), parseFaultProgram('3*reject -> off')]])
 * const action = plan.next('step:draft', 1, world.random)
 * const seen = action === undefined ? real() : perform(action, call, real, world)
 * ```
 */
export class FaultPlan {
  readonly #exact = new Map<string, Track>()
  /** By path, for patterns whose method is `*`. */
  readonly #anyMethod = new Map<string, Track>()
  readonly #scripts: Script[] = []
  #firedCount = 0

  /** @throws FaultProgramError for a program that is not one for its point, and for two programs under one pattern */
  constructor(entries: Iterable<readonly [PointPattern, FaultProgram]>) {
    for (const [pattern, program] of entries) this.#bind(pattern, program)
  }

  /** Faults performed since the last reset; plain `off` steps are none. */
  get firedCount(): number {
    return this.#firedCount
  }

  /** True when some call of this point has a program. Tells a port whether to name a request by path or by URL. */
  binds(point: string): boolean {
    return this.#exact.has(point) || (this.#anyMethod.size > 0 && this.#anyMethod.has(afterMethod(point)))
  }

  /**
   * What is to be done about a call; `undefined` when the real thing runs. Asking counts: ask once per call.
   * @param nth the how-manieth call of this point it is, from 1
   * @param random the world's; drawn from only where a `%` step asks
   */
  next(point: string, nth: number, random: () => number): FaultAction | undefined {
    const exact = this.#exact.get(point)
    const anyMethod = this.#anyMethod.size === 0 ? undefined : this.#anyMethod.get(afterMethod(point))
    if (exact === undefined && anyMethod === undefined) return undefined
    if (anyMethod !== undefined) anyMethod.calls += 1
    const script =
      exact?.nths.get(nth) ?? anyMethod?.nths.get(anyMethod.calls) ?? exact?.general ?? anyMethod?.general
    const action = script?.take(random)
    if (action !== undefined) this.#firedCount += 1
    return action
  }

  /** Starts over: nothing has been called, nothing has fired. */
  reset(): void {
    for (const script of this.#scripts) script.reset()
    for (const track of this.#anyMethod.values()) track.calls = 0
    this.#firedCount = 0
  }

  /** The faults that acted, in declared order. */
  fired(): readonly FiredFault[] {
    return this.#scripts.flatMap((script) => toFired(script.counts()))
  }

  /** The faults that were scripted in vain, in declared order; see `UnfiredFault` for the rule. */
  unfired(): readonly UnfiredFault[] {
    return this.#scripts.flatMap((script) => toUnfired(script.counts()))
  }

  #bind(pattern: PointPattern, program: FaultProgram): void {
    const point = printPointPattern(pattern)
    const script = makeScript(point, pattern, program)
    const isAnyMethod = pattern.kind === 'http' && pattern.name.startsWith('* ')
    const tracks = isAnyMethod ? this.#anyMethod : this.#exact
    const key = isAnyMethod ? pattern.name.slice(2) : `${pattern.kind}:${pattern.name}`
    const track = tracks.get(key) ?? { nths: new Map<number, Script>(), general: undefined, calls: 0 }
    const taken = pattern.nth === undefined ? track.general !== undefined : track.nths.has(pattern.nth)
    if (taken) throw new FaultProgramError(`Expected one fault program for \`${point}\`, got two.`, { point })
    if (pattern.nth === undefined) track.general = script
    else track.nths.set(pattern.nth, script)
    tracks.set(key, track)
    this.#scripts.push(script)
  }
}

function makeScript(point: string, pattern: PointPattern, program: FaultProgram): Script {
  if (pattern.nth !== undefined && (program.steps.length > 1 || program.steps[0]?.times !== 1)) {
    throw new FaultProgramError(
      `Expected one step without a count for \`${point}\`, which is a single call, got a longer script.`,
      {
        point,
        hint: `Write one pattern per call, or put the script on \`${point.slice(0, point.lastIndexOf('#'))}\`.`,
      },
    )
  }
  try {
    return new Script(pattern, program)
  } catch (cause) {
    if (!(cause instanceof FaultProgramError)) throw cause
    throw new FaultProgramError(`\`${point}\`: ${cause.message}`, { point, hint: cause.hint })
  }
}

/** `/orders` of `http:POST /orders`. */
function afterMethod(point: string): string {
  return point.slice(point.indexOf(' ') + 1)
}
