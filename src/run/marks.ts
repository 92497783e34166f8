import { got } from '../base/got.ts'
import type { Scope } from './scope.ts'
import { recordEvent } from './trail.ts'

/** The events that marks write. */
export const MARK_EVENTS = ['mark', 'marks_left_out'] as const

/** Marks of one run that are on record: enough to follow what it did; a mark in a loop would bury everything else. */
const MARKS_MAX = 1_000

/** Records that an attempt has reached a place it has a name for. */
export function recordMark(scope: Scope, path: string, name: unknown, attempt: number): void {
  const { run } = scope
  if (run.marks > MARKS_MAX) return
  run.marks++
  if (run.marks > MARKS_MAX) recordEvent(scope, path, 'marks_left_out', { attempt, recorded: MARKS_MAX })
  else recordEvent(scope, path, 'mark', { attempt, name: typeof name === 'string' ? name : got(name) })
}
