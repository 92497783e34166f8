import { commonVerbs } from './common-verbs.ts'
import { functionVerbs } from './function-verbs.ts'
import type { Point } from './point.ts'

/** `fn:NAME`: a function that the subject wrapped with `ports.fn(NAME, …)`. */
export const fnPoint: Point<'fn'> = {
  kind: 'fn',
  verbs: [...Object.values(commonVerbs), ...Object.values(functionVerbs)],
  readName: ({ text }) => text,
}
