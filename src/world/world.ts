/**
 * The world: everything non-deterministic the engine may touch. The engine reads time, randomness and ids only
 * through it and makes its calls out through `boundary`, so a simulated world can replay a run to the digit and
 * script what happens below retries, timeouts and fallbacks.
 *
 * @example
 * const fixed: World = { ...systemWorld(), random: () => 0.5 }
 * const engine = createEngine({ world: fixed })
 */
export interface World {
  readonly clock: Clock
  /** A number in [0, 1). */
  readonly random: () => number
  /** A new id that is unique in this world, e.g. `run-1` (simulated) or `run-6f1c…` (system). */
  readonly nextId: (prefix: string) => string
  /**
   * Where the engine calls out. Absent in the system world (calls go straight through); a simulated world
   * puts its faults here, below everything the engine does about failures.
   */
  readonly boundary?: Boundary
  /** Notes that code has reached a place it gave a name to. Absent in the system world, where nobody asks. */
  readonly mark?: (name: string) => void
}

/**
 * A timer that can be cancelled; cancelling one that has fired does nothing.
 *
 * @example
 * const timer: Timer = systemWorld().clock.after(1_000, 'heartbeat', () => console.log('still here'))
 * timer.cancel()
 */
export interface Timer {
  cancel(): void
  /** The process may end before it fires. Absent where time is simulated, which keeps no process alive. */
  unref?(): void
}

/**
 * @example
 * const stopwatch = (clock: Clock) => {
 *   const startedMs = clock.monotonicMs()
 *   return (): number => clock.monotonicMs() - startedMs
 * }
 */
export interface Clock {
  /** Milliseconds, fractional, never going back. Its zero means nothing. */
  readonly monotonicMs: () => number
  /** Milliseconds since the Unix epoch; may jump. */
  readonly wallMs: () => number
  /** Calls `callback` once, `delayMs` from now. `point` names what is waiting, for stall reports. */
  readonly after: (delayMs: number, point: string, callback: () => void) => Timer
  /** Calls `callback` once the current event-loop turn has run out of microtasks. Never advances time. */
  readonly afterTurn: (callback: () => void) => void
}

/**
 * One call from the engine (or a foreign subject's port) to the outside.
 *
 * @example
 * const label = ({ point, path }: BoundaryCall): string => path ?? point
 */
export interface BoundaryCall {
  /** The boundary point, e.g. `step:draft`. */
  readonly point: string
  /** The step's path in its pipeline; `undefined` for a foreign subject's port. */
  readonly path: string | undefined
  /** The token whose step it is; absent for a port. */
  readonly tokenId?: string | undefined
  /** Which visit of that token to the path it is, from 1; absent for a port. */
  readonly visit?: number | undefined
  /** What the call was given. */
  readonly input: unknown
  /** Creates the abort signal of this call on first use: making signals costs microseconds. */
  readonly signal: () => AbortSignal
}

/**
 * Runs `real`, or something else in its place, and gives back whatever a caller would have seen.
 *
 * @example
 * const counts = new Map<string, number>()
 * const counting: Boundary = (call, real) => {
 *   counts.set(call.point, (counts.get(call.point) ?? 0) + 1)
 *   return real()
 * }
 */
export type Boundary = (call: BoundaryCall, real: () => unknown) => unknown
