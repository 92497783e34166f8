import { nearest } from '../base/nearest.ts'
import { isAdapterName, normalName } from './names.ts'

/**
 * An adapter that a task was not given to, and why.
 *
 * @example
 * const line = ({ adapter, reason }: SkippedAdapter): string => `${adapter} was skipped: ${reason}`
 */
export interface SkippedAdapter {
  readonly adapter: string
  readonly reason: string
}

/** The task type whose order counts for one that has none. */
const DEFAULT_TASK_TYPE = 'workflow'

/** Which adapters are tried for which task, as data: a row of names by task type. */
export interface Orders {
  readonly byType: ReadonlyMap<string, readonly string[]>
  readonly otherwise: readonly string[]
}

/** What is asked of an order. */
export interface Wanted {
  /** Names as they were written for this call; `undefined` when nobody wrote any. */
  readonly explicit: readonly string[] | undefined
  readonly type: string | undefined
}

/** The names to try, in their one spelling and each once: of this call, else of the task's type, else of the registry. */
export function namesFor(orders: Orders, { explicit, type }: Wanted): readonly string[] {
  const written =
    explicit ??
    (type === undefined ? undefined : orders.byType.get(type)) ??
    orders.byType.get(DEFAULT_TASK_TYPE) ??
    orders.otherwise
  return [...new Set(written.map(normalName))]
}

/** Why a name means nothing here. */
export function unknownAdapter(name: string, known: Iterable<string>): string {
  const names = [...known]
  const meant = nearest(name, names)
  const hint = meant === undefined ? `there are ${names.join(', ')}` : `did you mean '${meant}'?`
  return isAdapterName(name) ? `no adapter of that name; ${hint}` : `no name of an adapter; ${hint}`
}

/** Why an adapter cannot do a task; `undefined` when it can. */
export function lacking(requires: readonly string[], capabilities: readonly string[]): string | undefined {
  const missing = requires.filter((each) => !capabilities.includes(each))
  if (missing.length === 0) return undefined
  const has = capabilities.length === 0 ? 'nothing' : capabilities.join(', ')
  return `the task requires ${missing.join(', ')}, and its capabilities are ${has}`
}
