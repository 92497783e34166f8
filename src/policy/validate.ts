import type { StandardSchemaV1 } from '@standard-schema/spec'
import { ValidationError } from '../base/errors.ts'
import { got } from '../base/got.ts'
import type { StepContext } from '../context/step-context.ts'

/**
 * `true` accepts; everything else rejects, with feedback where there is some.
 *
 * @example
 * const judge = (text: string): Judgement => ({ ok: text.length > 100, feedback: 'Write at least 100 characters' })
 */
export type Judgement =
  | boolean
  | string
  | null
  | { readonly ok: boolean; readonly feedback?: string | null | undefined }

/**
 * Judges an output. What it throws fails the attempt like a rejected output.
 *
 * @example
 * const short: Validate<string> = (text) => text.length < 280 || `${text.length} characters are too many`
 */
export type Validate<O> = (output: O, ctx: StepContext) => Judgement | PromiseLike<Judgement>

/**
 * Judges one output.
 * @throws ValidationError with the validator's feedback, or `Validation failed without feedback`
 */
export async function validate(
  validator: Validate<never> | StandardSchemaV1<unknown, unknown>,
  output: unknown,
  ctx: StepContext,
): Promise<void> {
  if (isFunction(validator)) {
    const judgement = await validator(output as never, ctx)
    if (judgement === true) return
    if (typeof judgement === 'object' && judgement !== null) {
      if (judgement.ok) return
      throw new ValidationError(judgement.feedback)
    }
    throw new ValidationError(typeof judgement === 'string' ? judgement : null)
  }
  const verdict = await askSchema(validator, output)
  if (verdict.kind === 'refused') throw new ValidationError(verdict.why)
}

/** What a schema says of a value. */
export type SchemaVerdict =
  | { readonly kind: 'accepted'; readonly value: unknown }
  /** `why` is empty where it gives no reason. */
  | { readonly kind: 'refused'; readonly why: string }

/**
 * Asks a schema. Rejects with what it throws.
 * @throws TypeError when what it gives is no result of a Standard Schema
 */
export async function askSchema(
  schema: StandardSchemaV1<unknown, unknown>,
  value: unknown,
): Promise<SchemaVerdict> {
  const said: unknown = await schema['~standard'].validate(value)
  if (typeof said !== 'object' || said === null) throw noResult(said)
  const { issues } = said as { readonly issues?: unknown }
  if (Array.isArray(issues)) return { kind: 'refused', why: issues.map(describe).join('; ') }
  if (issues !== undefined && issues !== null) throw noResult(said)
  if (!('value' in said)) throw noResult(said)
  return { kind: 'accepted', value: said.value }
}

function noResult(said: unknown): TypeError {
  return new TypeError(`Expected the schema to give { value } or { issues: […] }, got ${got(said)}.`)
}

function describe(issue: StandardSchemaV1.Issue): string {
  try {
    const parts = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part))
    const { message } = issue
    return parts.length === 0 ? message : `${parts.join('.')}: ${message}`
  } catch {
    return 'an issue that cannot be read'
  }
}

/** Schemas of some brands are callable, too; what makes them a Standard Schema is the `~standard` property. */
function isFunction(
  validator: Validate<never> | StandardSchemaV1<unknown, unknown>,
): validator is Validate<never> {
  return !('~standard' in validator)
}
