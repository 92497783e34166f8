import type { SimWorld } from './sim-world.ts'

/**
 * How the loop ended.
 *
 * @example
 * const describe = (end: DriveEnd): string => (end.kind === 'stuck' ? `waits for ${end.pins.join()}` : end.kind)
 */
export type DriveEnd =
  /** The work settled. */
  | { readonly kind: 'settled' }
  /** The work waits for something that will never come: no timer is left and nothing real is under way. */
  | { readonly kind: 'stalled'; readonly unpinned: readonly string[] }
  /** The work set timer after timer without getting anywhere. */
  | { readonly kind: 'livelock'; readonly jumps: number; readonly waiting: readonly string[] }
  /** Real I/O did not settle within the watchdog's time. */
  | { readonly kind: 'stuck'; readonly pins: readonly string[]; readonly watchdogMs: number }

/**
 * @example
 * const run = (world: SimWorld, work: Promise<unknown>, options: DriveOptions) => drive(world, work, options)
 */
export interface DriveOptions {
  /** At most this many jumps; a scenario that needs more is going round in circles. Default 10 000. */
  readonly jumpsMax?: number | undefined
  /** How long real I/O may take in real milliseconds before the scenario is given up. Default 10 000. */
  readonly watchdogMs?: number | undefined
}

// Captured at import: global timers may be virtual while a scenario runs.
const realImmediate = setImmediate
const realTimeout = setTimeout
const clearRealTimeout = clearTimeout

const JUMPS_MAX = 10_000
/** How long real I/O may take unless the caller says otherwise, in real milliseconds. */
export const WATCHDOG_MS = 10_000
/** How often unpinned I/O is looked at again, in real milliseconds. */
const UNPINNED_POLL_MS = 5
/** What keeps the loop, the test runner's worker and servers that listen going; none of it is I/O of a subject. */
const OWN_RESOURCES: ReadonlySet<string> = new Set([
  'Immediate',
  'Timeout',
  'PipeWrap',
  'MessagePort',
  'TTYWrap',
  'TCPServerWrap',
  'CloseReq',
])

/**
 * Moves a world's time until `work` settles: one real turn of the event loop, then — unless a pin is held — a jump to
 * the next timer, and so on. Between two timers every microtask runs. Never rejects; `work`'s own failure is its
 * owner's to handle.
 *
 * @example
 * const world = new SimWorld()
 * const run = createEngine({ world }).run(article, 'tides')
 * const end = await drive(world, run)
 * if (end.kind === 'settled') console.log((await run).status)
 */
export function drive(
  world: SimWorld,
  work: PromiseLike<unknown>,
  options: DriveOptions = {},
): Promise<DriveEnd> {
  return new Promise((resolve) => new Loop(world, options, resolve).start(work))
}

/**
 * Moves time on until no timer is left, so that what was given up on settles, too. Stops quietly at a limit.
 *
 * @example
 * const world = new SimWorld()
 * await drive(world, createEngine({ world }).run(article, 'tides'))
 * await drain(world)
 */
export function drain(world: SimWorld, options: DriveOptions = {}): Promise<void> {
  const never = new Promise<never>(() => {})
  return new Promise((resolve) =>
    new Loop(world, { ...options, jumpsMax: options.jumpsMax ?? 1_000 }, () => resolve(), false).start(never),
  )
}

class Loop {
  readonly #world: SimWorld
  readonly #jumpsMax: number
  readonly #watchdogMs: number
  readonly #end: (end: DriveEnd) => void
  readonly #waitForUnpinned: boolean
  #settled = false
  #jumps = 0
  #unpinnedWaitMs = 0

  constructor(world: SimWorld, options: DriveOptions, end: (end: DriveEnd) => void, waitForUnpinned = true) {
    this.#world = world
    this.#jumpsMax = options.jumpsMax ?? JUMPS_MAX
    this.#watchdogMs = options.watchdogMs ?? WATCHDOG_MS
    this.#end = end
    this.#waitForUnpinned = waitForUnpinned
  }

  start(work: PromiseLike<unknown>): void {
    const settled = (): void => {
      this.#settled = true
    }
    work.then(settled, settled)
    realImmediate(this.#tick)
  }

  readonly #tick = (): void => {
    if (this.#settled) {
      this.#end({ kind: 'settled' })
    } else if (this.#world.pins.held) {
      this.#awaitPins()
    } else if (this.#jumps >= this.#jumpsMax) {
      this.#end({ kind: 'livelock', jumps: this.#jumps, waiting: this.#world.timeline.points() })
    } else if (this.#fireNext()) {
      this.#jumps++
      realImmediate(this.#tick)
    } else {
      this.#awaitUnpinned()
    }
  }

  #fireNext(): boolean {
    try {
      return this.#world.timeline.fireNext()
    } catch (thrown) {
      // As in the real world, what a timer's callback throws ends no wait, but it is a bug.
      this.#world.uncaught.push(thrown)
      return true
    }
  }

  #awaitPins(): void {
    const { pins } = this.#world
    const watchdog = realTimeout(() => {
      pins.onAllReleased(undefined)
      this.#end({ kind: 'stuck', pins: pins.points(), watchdogMs: this.#watchdogMs })
    }, this.#watchdogMs)
    pins.onAllReleased(() => {
      clearRealTimeout(watchdog)
      pins.onAllReleased(undefined)
      // What the I/O gave has to reach the code that awaits it before time may move.
      realImmediate(this.#tick)
    })
  }

  /**
   * No timer, no pin, not settled: either nothing will ever happen, or the subject does real I/O we were not told of. Which
   * resource is whose cannot be told — connections open while others close — so while there is any, time stands still.
   */
  #awaitUnpinned(): void {
    const unpinned = this.#waitForUnpinned ? ioResources() : []
    if (unpinned.length === 0 || this.#unpinnedWaitMs >= this.#watchdogMs) {
      this.#end({ kind: 'stalled', unpinned })
      return
    }
    this.#unpinnedWaitMs += UNPINNED_POLL_MS
    realTimeout(this.#tick, UNPINNED_POLL_MS)
  }
}

/** The kinds of I/O this process is in the middle of. */
function ioResources(): string[] {
  return [...new Set(process.getActiveResourcesInfo())].filter((kind) => !OWN_RESOURCES.has(kind))
}
