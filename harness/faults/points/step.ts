import { isNodeName, NODE_NAME_RULE } from '../../../src/nodes/node.ts'
import { holdsWritten } from '../../match/equal.ts'
import { commonVerbs } from './common-verbs.ts'
import { functionVerbs } from './function-verbs.ts'
import type { Point } from './point.ts'

/** `step:NAME`: the function of a step of this name, below its retries, its timeout and its fallback. */
export const stepPoint: Point<'step'> = {
  kind: 'step',
  verbs: [...Object.values(commonVerbs), ...Object.values(functionVerbs)],
  meets: (where, input) => holdsWritten(input, where) === true,
  readName({ text, start }, scanner) {
    if (isNodeName(text)) return text
    return scanner.fail(start, `the name of a step, which is ${NODE_NAME_RULE}`, { end: start + text.length })
  },
}
