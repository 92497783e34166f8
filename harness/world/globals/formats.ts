import { clockFor } from './clock-for.ts'
import { type Fake, fakeAccessorOf, fakeOf } from './fake.ts'

type Moment = Date | number | undefined
type Format = (date?: Moment) => string
type ToParts = (this: Intl.DateTimeFormat, date?: Moment) => Intl.DateTimeFormatPart[]

const { prototype } = Intl.DateTimeFormat

/** What each format hands out, by Node's own: it is one function, however often it is asked for. */
const virtual = new WeakMap<Format, Format>()

/** Dates in words: one that is not given is now. */
export const FORMAT_FAKES: readonly Fake[] = [
  fakeAccessorOf<Format>([prototype, 'format'], (outside) => {
    const real = outside()
    let format = virtual.get(real)
    if (format === undefined) virtual.set(real, (format = (date) => real(momentOf(date))))
    return format
  }),
  fakeOf<ToParts>(
    [[prototype, 'formatToParts']],
    (outside) =>
      function (date) {
        return Reflect.apply(outside(), this, [momentOf(date)])
      },
  ),
]

function momentOf(date: Moment): Moment {
  return date === undefined ? clockFor()?.wallMs : date
}
