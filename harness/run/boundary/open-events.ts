import type { Timer } from '../../../src/index.ts'
import { EventScript } from '../../faults/effects/event-script.ts'
import { connectionReset } from '../../faults/effects/fetch-failures.ts'
import { eventsPoint } from '../../faults/points/events.ts'
import { pointNamed } from '../../faults/points/point.ts'
import type { OpenConnection } from '../../scenario/observation.ts'
import type { EventSource, PortEvents } from '../../scenario/ports.ts'
import type { SimWorld } from '../../world/sim-world.ts'
import type { Boundaries } from './boundaries.ts'
import { isThenable } from './boundaries.ts'
import { listenTo } from './listen-to.ts'
import { OwnEvents } from './port-events.ts'

const CLOSED_ABNORMALLY = 1006

/** The connections of one execution that push to its subject. */
export class Connections {
  readonly #world: SimWorld
  readonly #boundaries: Boundaries
  readonly #opened: {
    readonly events: Pick<OwnEvents<never>, 'readyState' | 'abandon'>
    readonly from: OpenConnection
  }[] = []

  constructor(world: SimWorld, boundaries: Boundaries) {
    this.#world = world
    this.#boundaries = boundaries
  }

  /** Breaks all of them off: of a process that has died nobody hears. */
  forget(): void {
    for (const { events } of this.#opened) events.abandon()
  }

  /** Those that nobody has closed. */
  left(): readonly OpenConnection[] {
    return this.#opened.filter(({ events }) => events.readyState < 2).map(({ from }) => from)
  }

  /**
   * Opens one: what it pushes begins once the code that opens it has had the time to listen.
   * @param caller which of several opens it, from 0
   */
  open<T>(
    name: string,
    source: (() => EventSource<T>) | undefined,
    caller: number | undefined,
  ): PortEvents<T> {
    const point = pointNamed(eventsPoint, name)
    const events = new OwnEvents<T>()
    const aborted = new AbortController()
    events.onClosedHere = () => aborted.abort()
    this.#opened.push({ events, from: { point, sinceMs: this.#world.clock.monotonicMs() } })
    const call = { point, path: undefined, input: null, signal: () => aborted.signal, caller }
    const real = (): unknown => {
      if (source !== undefined) return source()
      throw new TypeError(
        `Expected a fault \`push([…])\` for ${point}, or something real to open: ports.events('${name}', () => source).`,
      )
    }
    const feed = (given: unknown): void =>
      given instanceof EventScript
        ? this.#play(given, events, point)
        : listenTo(given as EventSource<T>, events)
    try {
      const given = this.#boundaries.cross(call, real)
      if (isThenable(given)) void given.then(feed, (error: unknown) => events.failed(error))
      else this.#world.clock.after(0, point, () => feed(given))
    } catch (error) {
      this.#world.clock.after(0, point, () => events.failed(error))
    }
    return events
  }

  #play<T>({ messages, gapsMs, last, code }: EventScript, events: OwnEvents<T>, point: string): void {
    const { clock } = this.#world
    let timer: Timer | undefined
    // What was closed on this side gets nothing more, nor does time pass for it.
    events.onClosedHere = () => timer?.cancel()
    events.opened()
    const next = (at: number): void => {
      if (events.readyState !== 1) return
      timer = clock.after(gapsMs[at] ?? 0, point, () => {
        if (at < messages.length) {
          // A copy: the script is played again in the next run.
          events.arrived(structuredClone(messages[at]) as T)
          next(at + 1)
        } else if (last === 'error') events.failed(connectionReset())
        else if (last !== 'open') events.ended(code ?? (last === 'drop' ? CLOSED_ABNORMALLY : undefined))
      })
    }
    next(0)
  }
}
