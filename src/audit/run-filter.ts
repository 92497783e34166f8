import { AuditError } from '../base/errors.ts'
import type { RunFilter } from './store.ts'

/** Rows of a list that has no limit of its own: what a terminal shows. */
const LIMIT_DEFAULT = 50
/** Rows of one list at most; with feedback at its limit that is 640 MB, usually under 2 MB. */
const LIMIT_MAX = 10_000

/**
 * How many rows a filter asks for.
 * @throws AuditError when that is not an integer from 1 to 10 000
 */
export function limitOf(filter: RunFilter): number {
  const { limit = LIMIT_DEFAULT } = filter
  if (Number.isInteger(limit) && limit >= 1 && limit <= LIMIT_MAX) return limit
  throw new AuditError(
    'E_AUDIT_FILTER',
    `Expected \`limit\` of a run filter to be an integer from 1 to ${LIMIT_MAX}, got ${limit}.`,
  )
}
