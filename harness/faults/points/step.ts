import { isNodeName, NODE_NAME_RULE } from '../../../src/nodes/node.ts'
import { commonVerbs } from './common-verbs.ts'
import { contains } from './contains.ts'
import { functionVerbs } from './function-verbs.ts'
import type { Point } from './point.ts'

/** `step:NAME`: the function of a step of this name, below its retries, its timeout and its fallback. */
export const stepPoint: Point<'step'> = {
  kind: 'step',
  verbs: [...Object.values(commonVerbs), ...Object.values(functionVerbs)],
  meets: (where, input) => contains(input, where),
  readName({ text, start }, scanner) {
    if (isNodeName(text)) return text
    return scanner.fail(start, `the name of a step, which is ${NODE_NAME_RULE}`, { end: start + text.length })
  },
}
