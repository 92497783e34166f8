import type * as z from './zod.ts'

/**
 * What zod found wrong in data that no person wrote: the path, and what was expected there.
 *
 * @example
 * issueSentence({ path: ['totals', 'files'], message: 'Invalid input: expected number' })
 * // 'totals.files: Invalid input: expected number'
 */
export function issueSentence({ path, message }: Pick<z.core.$ZodIssue, 'path' | 'message'>): string {
  return `${path.map(String).join('.') || '(top level)'}: ${message}`
}
