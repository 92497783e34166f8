import type { StandardSchemaV1 } from '@standard-schema/spec'
import { ValidationError } from '../base/errors.ts'
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
  const { issues } = await validator['~standard'].validate(output)
  if (issues !== undefined) throw new ValidationError(describeIssues(issues))
}

/** What a schema has to say, as one text. */
export function describeIssues(issues: readonly StandardSchemaV1.Issue[]): string {
  return issues.map(describe).join('; ')
}

function describe(issue: StandardSchemaV1.Issue): string {
  const path = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.')
  return path === '' ? issue.message : `${path}: ${issue.message}`
}

/** Schemas of some brands are callable, too; what makes them a Standard Schema is the `~standard` property. */
function isFunction(
  validator: Validate<never> | StandardSchemaV1<unknown, unknown>,
): validator is Validate<never> {
  return !('~standard' in validator)
}
