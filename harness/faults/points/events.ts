import { holdsWritten } from '../../match/equal.ts'
import { commonVerbs } from './common-verbs.ts'
import { eventVerbs } from './event-verbs.ts'
import { functionVerbs } from './function-verbs.ts'
import type { Point } from './point.ts'

/**
 * `events:NAME`: what pushes to the subject, opened with `ports.events(NAME, …)`. Each call is one connection, or one
 * subscription: the second step of a program is what the second one meets.
 */
export const eventsPoint: Point<'events'> = {
  kind: 'events',
  verbs: [
    ...Object.values(commonVerbs),
    ...Object.values(eventVerbs),
    functionVerbs.reject,
    functionVerbs.hang,
  ],
  readName: ({ text }) => text,
  meets: (where, input) => holdsWritten(input, where) === true,
}
