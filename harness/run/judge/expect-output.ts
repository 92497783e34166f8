import { isSerialized } from '../../../src/base/serialize-error.ts'
import { equalsWritten, holdsWritten, isPlainObject } from '../../match/equal.ts'
import type { Matched } from '../../match/matchers.ts'
import type { Expectation } from '../../scenario/expectation.ts'
import type { CallerEnd, Observation } from '../../scenario/observation.ts'
import type { Check } from './check.ts'

type Compare = (actual: unknown, written: unknown) => Matched

/** Checks what is expected of the output, whole or in part; of several callers, each in its place. */
export function checkOutput(check: Check, expected: Expectation, observation: Observation): void {
  if ('output' in expected)
    checkAs(check, 'output', expected.output, observation, observation.output, equalsWritten)
  if (expected.outputMatches !== undefined) {
    const shown = within(observation.output, expected.outputMatches)
    checkAs(check, 'outputMatches', expected.outputMatches, observation, shown, holdsWritten)
  }
}

/** Checks a part of the result. */
export function checkHolds(check: Check, at: readonly string[], expected: unknown, actual: unknown): void {
  check(at, expected, within(actual, expected), holdsWritten(actual, expected))
}

/** Whether what is written of a caller says that it was thrown an error. */
export function isSaidToFail(written: unknown): boolean {
  return isOnly(written, 'error')
}

function checkAs(
  check: Check,
  key: 'output' | 'outputMatches',
  written: unknown,
  { output, callers }: Observation,
  shown: unknown,
  compare: Compare,
): void {
  if (callers.length === 0 || !Array.isArray(written) || written.length !== callers.length) {
    check([key], written, shown, compare(output, written))
    return
  }
  const got = output as readonly unknown[]
  for (const [index, caller] of callers.entries()) {
    const matched = meets(caller, got[index], written[index], compare)
    if (matched === true) continue
    check([key], written, shown, matched, confusion(caller, index, got[index], written[index], compare))
    return
  }
}

/** A caller that was thrown an error is said to be by `{ error }`; what was returned is never meant by that. */
function meets(caller: CallerEnd, got: unknown, written: unknown, compare: Compare): Matched {
  if (isSaidToFail(written)) return caller.thrown !== null && compare(got, written)
  if (caller.thrown !== null) return false
  return compare(got, isOnly(written, 'returned') ? written.returned : written)
}

/** What to say where only the way it came is wrong. */
function confusion(
  { thrown }: CallerEnd,
  index: number,
  got: unknown,
  written: unknown,
  compare: Compare,
): string | undefined {
  const named = `Caller ${index + 1}`
  if (thrown === null && isSaidToFail(written) && compare(got, written) === true)
    return `${named} got this as a value; it was not thrown. Write \`{ returned: { error: … } }\`.`
  if (thrown !== null && isOnly(written, 'returned'))
    return `${named} was thrown ${thrown.name}: ${thrown.message}.`
  return undefined
}

function isOnly<Key extends string>(written: unknown, key: Key): written is Readonly<Record<Key, unknown>> {
  if (typeof written !== 'object' || written === null || Array.isArray(written)) return false
  const keys = Object.keys(written)
  return keys.length === 1 && keys[0] === key
}

/** The part of a value that a pattern speaks of, to show beside it: its keys, at every depth. */
function within(value: unknown, pattern: unknown): unknown {
  if (!isPlainObject(pattern) || !(isPlainObject(value) || isSerialized(value))) return value
  const from = value as Readonly<Record<string, unknown>>
  return Object.fromEntries(Object.entries(pattern).map(([key, part]) => [key, within(from[key], part)]))
}
