import { holdsWritten } from '../../match/equal.ts'
import { commonVerbs } from './common-verbs.ts'
import { functionVerbs } from './function-verbs.ts'
import type { Point } from './point.ts'

/**
 * `fn:NAME`: a function that the subject wrapped with `ports.fn(NAME, …)`. `where` is what one of its arguments has, or a list:
 * what its first ones have.
 */
export const fnPoint: Point<'fn'> = {
  kind: 'fn',
  verbs: [...Object.values(commonVerbs), ...Object.values(functionVerbs)],
  readName: ({ text }) => text,
  isFunction: true,
  meets: (where, args) =>
    Array.isArray(where)
      ? Array.isArray(args) && where.every((item, index) => holdsWritten(args[index], item) === true)
      : Array.isArray(args) && args.some((argument) => holdsWritten(argument, where) === true),
}
