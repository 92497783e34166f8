import { type Fake, fakeGetterOf, fakeOf } from './fake.ts'
import { clockFor } from './clock-for.ts'

type Now = () => number
type HrTime = typeof process.hrtime

/**
 * How long the process had been running when the clocks began, in milliseconds. In Node it is never 0, and much code takes
 * 0 for "not yet".
 */
export const UP_MS = 1_000
const NANOSECONDS_PER_MS = 1_000_000
const NANOSECONDS_PER_SECOND = 1_000_000_000n

/** Dates and clocks. */
export const CLOCK_FAKES: readonly Fake[] = [
  // Whoever asks a date for its constructor has to find the `Date` that is there.
  fakeOf<DateConstructor>(
    [
      [globalThis, 'Date'],
      [Date.prototype, 'constructor'],
    ],
    dateOf,
  ),
  fakeOf<Now>([[performance, 'now']], (outside) => () => {
    const clock = clockFor()
    return clock === undefined ? Reflect.apply(outside(), performance, []) : UP_MS + clock.nowMs
  }),
  // Added to `performance.now()` it gives the wall clock.
  fakeGetterOf<number>([performance, 'timeOrigin'], (outside) => {
    const clock = clockFor()
    return clock === undefined ? outside : clock.originMs - UP_MS
  }),
  fakeOf<HrTime>([[process, 'hrtime']], hrtimeOf),
  fakeOf<Now>([[process, 'uptime']], (outside) => () => {
    const clock = clockFor()
    return clock === undefined ? outside()() : (UP_MS + clock.nowMs) / 1_000
  }),
]

/** Its dates are dates as all others: only what "now" is differs. */
function dateOf(outside: () => DateConstructor): DateConstructor {
  const { Date: native } = globalThis
  const now: Now = () => {
    const clock = clockFor()
    return clock === undefined ? outside().now() : Math.floor(clock.wallMs)
  }
  function VirtualDate(...args: unknown[]): unknown {
    const wallMs = clockFor()?.wallMs
    const real = outside()
    if (new.target === undefined) return wallMs === undefined ? real() : new real(wallMs).toString()
    const made = args.length === 0 && wallMs !== undefined ? [wallMs] : args
    return Reflect.construct(real, made, new.target === VirtualDate ? real : new.target)
  }
  const properties = Object.getOwnPropertyDescriptors(native)
  return Object.defineProperties(VirtualDate, {
    ...properties,
    now: { ...properties.now, value: now },
  }) as unknown as DateConstructor
}

function hrtimeOf(outside: () => HrTime): HrTime {
  const hrtime = (since?: [number, number]): [number, number] => {
    const clock = clockFor()
    // What Node refuses is refused in its words.
    if (clock === undefined || !isPast(since)) return outside()(since)
    const [seconds = 0, nanoseconds = 0] = since ?? []
    const passed = virtualNs(clock) - BigInt(seconds) * NANOSECONDS_PER_SECOND - BigInt(nanoseconds)
    const rest = ((passed % NANOSECONDS_PER_SECOND) + NANOSECONDS_PER_SECOND) % NANOSECONDS_PER_SECOND
    return [Number((passed - rest) / NANOSECONDS_PER_SECOND), Number(rest)]
  }
  const bigint = (): bigint => {
    const clock = clockFor()
    return clock === undefined ? outside().bigint() : virtualNs(clock)
  }
  return Object.assign(hrtime, { bigint })
}

function virtualNs({ nowMs }: { readonly nowMs: number }): bigint {
  return BigInt(Math.round((UP_MS + nowMs) * NANOSECONDS_PER_MS))
}

/** What `process.hrtime` takes. */
function isPast(since: unknown): since is [number, number] | undefined {
  return since === undefined || (Array.isArray(since) && since.length === 2 && since.every(Number.isInteger))
}
