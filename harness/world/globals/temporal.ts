import { type Fake, fakeOf } from './fake.ts'
import { clockFor } from './clock-for.ts'

/** As much of `Temporal` as tells what time it is. */
interface TemporalLike {
  readonly Instant: { fromEpochMilliseconds(ms: number): InstantLike }
  readonly Now: { instant(): InstantLike }
}

interface InstantLike {
  toZonedDateTimeISO(zone: unknown): Readonly<Record<string, () => unknown>>
}

type Ask = (zone?: unknown) => unknown

/** What is asked of `Temporal.Now` → how it comes of a date with a time zone. */
const PARTS: Readonly<Record<string, string | undefined>> = {
  zonedDateTimeISO: undefined,
  plainDateTimeISO: 'toPlainDateTime',
  plainDateISO: 'toPlainDate',
  plainTimeISO: 'toPlainTime',
}

const { Temporal } = globalThis as { Temporal?: TemporalLike }

/** `Temporal.Now`; none where Node has no `Temporal`, as before 26. */
export const TEMPORAL_FAKES: readonly Fake[] = Temporal === undefined ? [] : fakesOf(Temporal)

function fakesOf({ Instant, Now }: TemporalLike): readonly Fake[] {
  const instantAt = (wallMs: number): InstantLike => Instant.fromEpochMilliseconds(Math.trunc(wallMs))
  const instant = fakeOf<Ask>([[Now, 'instant']], (outside) => () => {
    const clock = clockFor()
    return clock === undefined ? outside()() : instantAt(clock.wallMs)
  })
  const parts = Object.entries(PARTS).map(([name, part]) =>
    fakeOf<Ask>([[Now, name]], (outside) => (zone) => {
      const clock = clockFor()
      if (clock === undefined) return outside()(zone)
      const dateTime = instantAt(clock.wallMs).toZonedDateTimeISO(zone ?? localZone())
      return part === undefined ? dateTime : dateTime[part]?.()
    }),
  )
  return [instant, ...parts]
}

/** Asked of `Intl`: the draft that Node 24 has by a flag has no `Temporal.Now.timeZoneId`. */
function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}
