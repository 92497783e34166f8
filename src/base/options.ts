import type * as z from './zod.ts'
import { ConfigurationError } from './control.ts'
import { got } from './got.ts'
import { expectedBy, insideUnion } from './issue-words.ts'
import { meantOption } from './meant.ts'
import { valueAt } from './value-at.ts'

/**
 * Checks options a person wrote against a schema.
 * @throws ConfigurationError naming each option that is wrong, what was expected, what was got and the nearest known name.
 */
export function parseOptions<T>(schema: z.ZodType<T>, options: unknown, where: string): T {
  const parsed = schema.safeParse(options)
  if (parsed.success) return parsed.data
  throw new ConfigurationError(describeIssues(parsed.error, schema, options, where).join('\n'))
}

/** Everything that is wrong with options, a sentence or two each; nothing when they are fine. */
export function optionProblems(schema: z.ZodType, options: unknown, where: string): readonly string[] {
  const parsed = schema.safeParse(options)
  return parsed.success ? [] : describeIssues(parsed.error, schema, options, where)
}

function describeIssues(error: z.ZodError, schema: z.ZodType, options: unknown, where: string): string[] {
  return error.issues.flatMap((issue) => describeIssue(issue, schema, options, where))
}

/** One sentence, or one for each unknown key and for each thing that is wrong inside. */
function describeIssue(
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
  options: unknown,
  where: string,
): string | string[] {
  const inside = insideUnion(issue)
  if (inside !== undefined)
    return inside.flatMap((inner) =>
      describeIssue({ ...inner, path: [...issue.path, ...inner.path] }, schema, options, where),
    )
  const path = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(
      (key) =>
        `Unknown option \`${path === '' ? key : `${path}.${key}`}\` of ${where}.${meantOption(key, knownKeys(schema, issue.path))}`,
    )
  const name = path === '' ? 'the options' : `\`${path}\``
  return `Expected ${name} of ${where} to be valid: ${expectedBy(issue)}; got ${got(valueAt(options, issue.path))}.`
}

/** The keys an object schema knows at a path; optional wrappers and unions are looked through. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let at: unknown = schema
  for (const key of path) at = shapeOf(at)?.[String(key)]
  return Object.keys(shapeOf(at) ?? {})
}

/** What a schema may have, by its kind. */
interface SchemaParts {
  readonly shape?: Record<string, unknown>
  readonly options?: readonly unknown[]
  unwrap?(): unknown
}

function shapeOf(schema: unknown): Record<string, unknown> | undefined {
  let at = schema as SchemaParts | undefined
  while (at !== undefined && at.shape === undefined && typeof at.unwrap === 'function')
    at = at.unwrap() as typeof at
  // Of several forms the one with keys.
  return at?.shape ?? at?.options?.map(shapeOf).find((shape) => shape !== undefined)
}
