import { ADAPTER_NAME_RULE, isAdapterName, normalName } from '../../../src/adapters/names.ts'
import { holdsWritten } from '../../match/equal.ts'
import { adapterVerbs } from './adapter-verbs.ts'
import { commonVerbs } from './common-verbs.ts'
import { functionVerbs } from './function-verbs.ts'
import type { Point } from './point.ts'

/** Follows the name where its health check is meant, and not its work. */
const HEALTH = ' health'

/**
 * `adapter:NAME`: an adapter that a route gives a task to, below its attempts, its timeout and its circuit breaker;
 * `adapter:NAME health` is its health check.
 */
export const adapterPoint: Point<'adapter'> = {
  kind: 'adapter',
  verbs: [...Object.values(commonVerbs), ...Object.values(functionVerbs), ...Object.values(adapterVerbs)],
  meets: (where, input) => holdsWritten(input, where) === true,
  readName({ text, start }, scanner) {
    const health = text.endsWith(HEALTH) ? HEALTH : ''
    const name = normalName(text.slice(0, text.length - health.length))
    if (isAdapterName(name)) return `${name}${health}`
    return scanner.fail(
      start,
      `the name of an adapter, which is ${ADAPTER_NAME_RULE}, with \`${HEALTH.trim()}\` after it where its health check is meant`,
      { end: start + text.length },
    )
  },
}

/** The adapter that a name of these points means, whether its work is meant or its health check. */
export function adapterIn(name: string): string {
  return name.endsWith(HEALTH) ? name.slice(0, -HEALTH.length) : name
}
