import { firstOf } from '../../src/base/listed.ts'
import { shorten } from '../text/visible.ts'
import { number } from '../text/words.ts'
import type { StoredPayload, Usage } from '../../src/index.ts'
import * as z from '../../src/base/zod.ts'

/** What is shown of one value: three lines of a terminal. `--json` has the rest. */
const VALUE_CHARS_MAX = 210
/** Errors shown of one failure, causes and parts together. */
const ERRORS_MAX = 8
/** Hexadecimal digits that tell two payloads of one run apart. */
const HASH_DIGITS = 12

/** A stored value in one paragraph; `undefined` was never stored. */
export function describePayload(payload: StoredPayload | null): string {
  if (payload === null) return 'nothing'
  const { json, truncated, fullLength = json.length, sha256 = '' } = payload
  if (!truncated && json.length <= VALUE_CHARS_MAX) return json
  const kept = truncated
    ? `cut when it was stored, SHA-256 ${sha256.slice(0, HASH_DIGITS)}…`
    : 'whole in --json'
  return `${shorten(json, VALUE_CHARS_MAX)} (${number(fullLength)} characters, ${kept})`
}

interface StoredError {
  readonly name: string
  readonly message: string
  readonly code?: string | undefined
  readonly cause?: StoredError | undefined
  readonly errors?: readonly StoredError[] | undefined
}

const storedErrorSchema: z.ZodType<StoredError> = z.object({
  name: z.string(),
  message: z.string(),
  code: z.string().optional(),
  get cause() {
    return storedErrorSchema.optional()
  },
  get errors() {
    return z.array(storedErrorSchema).optional()
  },
})

/** A stored error as sentences, one per line: itself, what it was caused by, its parts. */
export function describeError(payload: StoredPayload): readonly string[] {
  const parsed = payload.truncated ? undefined : storedErrorSchema.safeParse(JSON.parse(payload.json))
  if (parsed?.success !== true) return [describePayload(payload)]
  return firstOf(sentences(parsed.data, '', ''), ERRORS_MAX)
}

function sentences(error: StoredError, relation: string, indent: string): string[] {
  const { name, message, code, cause, errors = [] } = error
  // What the message already says says nothing new, and a bare number (of a DOMException) says nothing at all.
  const known = code === undefined || message.includes(code) || /^\d+$/.test(code)
  const deeper = `${indent}  `
  return [
    `${indent}${relation}${name}: ${shorten(message, VALUE_CHARS_MAX)}${known ? '' : ` (${code})`}`,
    ...(cause === undefined ? [] : sentences(cause, 'caused by ', deeper)),
    ...errors.flatMap((part) => sentences(part, '', deeper)),
  ]
}

/** Metadata or the details of an event: `attempt: 1, settled: returned`. */
export function describeBag(bag: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(bag).map(
    ([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return shorten(parts.join(', '), VALUE_CHARS_MAX)
}

/** What was spent, leaving out what was not: `$0.3`, `30 model tokens`. */
export function describeUsage({ costUsd, tokens }: Usage): readonly string[] {
  const cost = costUsd === 0 ? [] : [`$${Number(costUsd.toFixed(6))}`]
  return tokens === 0 ? cost : [...cost, `${number(tokens)} model tokens`]
}
