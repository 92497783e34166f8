import { kindOf } from '../../faults/points/points.ts'
import { nameCall } from '../../oracles/list-calls.ts'
import { equalsWritten, holdsWritten, isPlainObject } from '../../match/equal.ts'
import { type Matched, type TextMatcher, textMatches } from '../../match/matchers.ts'
import type { CallsExpectation } from '../../scenario/expectation.ts'
import type { ObservedCall } from '../../scenario/observation.ts'
import type { Check } from './check.ts'
import { firstRepeated, isSameValue } from './same-value.ts'
import { shown } from './shown.ts'

/** Checks what each call got: given one by one, or how they compare. */
export function checkInputs(
  check: Check,
  at: readonly string[],
  expected: CallsExpectation['inputs'],
  calls: readonly ObservedCall[],
): void {
  if (expected === undefined) return
  const place = [...at, 'inputs']
  const inputs = calls.map(seenInput)
  if (expected === 'same' || expected === 'distinct') {
    compareAll(check, place, expected, inputs, calls)
    return
  }
  if (!Array.isArray(expected)) return
  const { wrong, matched } = firstUnmet(calls.slice(0, expected.length), (each, index) =>
    matchesInput(each, inputs[index], expected[index]),
  )
  const call = calls[wrong]
  if (call !== undefined)
    check(
      place,
      expected,
      inputs,
      matched,
      `${nameCall(call)} got ${shown(inputs[wrong])} instead of ${shown(expected[wrong])}.`,
    )
  else
    check(
      place,
      expected,
      inputs,
      inputs.length === expected.length,
      `It was called ${calls.length}×, and ${expected.length} inputs are expected.`,
    )
}

/** What a call got, in the words of a scenario. */
function seenInput({ point, input }: ObservedCall): unknown {
  if (kindOf(point)?.isFunction !== true || !Array.isArray(input)) return input
  const args = withoutSignal(input as readonly unknown[])
  // One that is a list itself stays in the list of arguments: otherwise nobody could tell which it is.
  return args.length === 1 && !Array.isArray(args[0]) ? args[0] : args
}

/** A signal says when to stop and not what to do: no file has a word for it. */
function withoutSignal(args: readonly unknown[]): readonly unknown[] {
  const last = args.at(-1)
  const before = args.slice(0, -1)
  if (last === undefined && args.length > 0) return withoutSignal(before)
  if (last instanceof AbortSignal) return before
  if (!isPlainObject(last) || !('signal' in last) || !(last.signal instanceof AbortSignal)) return args
  const { signal: _, ...more } = last
  return Object.keys(more).length === 0 ? before : [...before, more]
}

function matchesInput({ point, input }: ObservedCall, seen: unknown, written: unknown): Matched {
  if (kindOf(point)?.isFunction === true)
    return equalsWritten(seen, written) || (Array.isArray(written) && equalsWritten([seen], written))
  const isRequest = kindOf(point)?.isRequest === true
  if (!isRequest || typeof written === 'string')
    return equalsWritten(isRequest ? (input as { readonly url?: unknown }).url : seen, written)
  return holdsWritten(seen, written)
}

/** Headers that nobody is to read in a report. Without its name beside it, no value looks like a secret. */
const SECRET = /auth|cookie|token|secret|(?<!idempotency-)key\b|password|session|credential|signature/i

/** Checks the headers of requests, each in every call. */
export function checkHeaders(
  check: Check,
  at: readonly string[],
  expected: CallsExpectation['headers'],
  calls: readonly ObservedCall[],
): void {
  for (const [name, matcher] of Object.entries(expected ?? {})) {
    const place = [...at, 'headers', name]
    const values = calls.map(({ headers }) => headers?.[name.toLowerCase()] ?? null)
    const isSecret = SECRET.test(name)
    const told = isSecret ? values.map((value) => value && '[redacted]') : values
    if (matcher === 'same' || matcher === 'distinct') {
      const without = values.indexOf(null)
      const call = calls[without]
      if (call === undefined) compareAll(check, place, matcher, values, calls, told)
      else check(place, matcher, told, false, `${nameCall(call)} had no such header.`)
    } else {
      const { wrong, matched } = firstUnmet(values, (value) => matchesHeader(matcher, value))
      const call = calls[wrong]
      if (call !== undefined)
        check(
          place,
          isSecret && matcher !== null ? '[redacted]' : matcher,
          told,
          matched,
          `${nameCall(call)} had ${shown(told[wrong])}.`,
        )
    }
  }
}

function matchesHeader(matcher: TextMatcher | null, value: string | null): Matched {
  return matcher === null || value === null ? matcher === value : textMatches(matcher, value)
}

/** The first that does not match, by its index, and whether its pattern took too long; -1 where all match. */
function firstUnmet<T>(
  items: readonly T[],
  match: (item: T, index: number) => Matched,
): { readonly wrong: number; readonly matched: Matched } {
  for (const [wrong, item] of items.entries()) {
    const matched = match(item, wrong)
    if (matched !== true) return { wrong, matched }
  }
  return { wrong: -1, matched: true }
}

/** Whether all are one, or each its own. Of a single call that says nothing. */
function compareAll(
  check: Check,
  place: readonly string[],
  expected: 'same' | 'distinct',
  values: readonly unknown[],
  calls: readonly ObservedCall[],
  told: readonly unknown[] = values,
): void {
  const pair = expected === 'same' ? firstOther(values) : firstRepeated(values)
  const [one, two] = (pair ?? []).map((index) => calls[index])
  if (one !== undefined && two !== undefined) {
    const got = expected === 'same' ? 'got different values' : 'got the same value'
    check(place, expected, told, false, `${nameCall(one)} and ${nameCall(two)} ${got}.`)
  } else check(place, expected, told, calls.length > 1, 'It was called once, so there is nothing to compare.')
}

/** The first value that is not the one at the beginning, by the indices of both. */
function firstOther(values: readonly unknown[]): readonly [number, number] | undefined {
  const other = values.findIndex((value) => !isSameValue(value, values[0]))
  return other === -1 ? undefined : [0, other]
}
