import { clockFor } from './clock-for.ts'
import { UP_MS } from './clocks.ts'
import { type Fake, fakeOf } from './fake.ts'

interface MarkOptions {
  readonly startTime?: number
  readonly detail?: unknown
}

interface MeasureOptions {
  readonly start?: number | string
  readonly end?: number | string
  readonly duration?: number
  readonly detail?: unknown
}

type Mark = (name: string, options?: MarkOptions) => unknown
type Measure = (name: string, from?: string | MeasureOptions, endMark?: string) => unknown

/** What is measured with `performance`. What Node refuses is refused by Node, in its words. */
export const MARK_FAKES: readonly Fake[] = [
  fakeOf<Mark>([[performance, 'mark']], (outside) => (...given) => {
    const clock = clockFor()
    const [name, options = {}] = given
    const isNow = given.length > 0 && typeof options === 'object' && options?.startTime === undefined
    const asked: Parameters<Mark> =
      clock === undefined || !isNow ? given : [name, { ...options, startTime: UP_MS + clock.nowMs }]
    return Reflect.apply(outside(), performance, asked)
  }),
  fakeOf<Measure>([[performance, 'measure']], (outside) => (...given) => {
    const clock = clockFor()
    const [name, from, endMark] = given
    const options = given.length > 0 && endMark === undefined ? untilNow(from) : undefined
    const asked: Parameters<Measure> =
      clock === undefined || options === undefined ? given : [name, { ...options, end: UP_MS + clock.nowMs }]
    return Reflect.apply(outside(), performance, asked)
  }),
]

/** From where it is measured to now; `undefined` where the end is said, or where it is Node's to refuse. */
function untilNow(from: string | MeasureOptions | undefined): MeasureOptions | undefined {
  if (typeof from !== 'object') return { start: from ?? 0 }
  const { start, end, duration } = from ?? {}
  return start !== undefined && end === undefined && duration === undefined ? from : undefined
}
