import * as z from '../../src/base/zod.ts'
import { isMapping, isStoredJson, type StoredJson } from '../faults/grammar/json.ts'
import { CONTENT_RULE, patternRule, type WrongMatcher, wrongMatchers } from '../match/matcher-rules.ts'

/** Deepest JSON in an input or expectation; the same limit as for a whole scenario file. */
const JSON_DEPTH_MAX = 32

// The text given to a schema here completes “Expected `key` in FILE to be …”; for unknown keys it lists the known ones.

export function strict<S extends z.ZodRawShape>(shape: S): z.ZodObject<S, z.core.$strict> {
  const known = Object.keys(shape).join(', ')
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? known : `a mapping with any of ${known}`),
  })
}

/** The same with at least one of its keys: an empty one would hold for anything. */
export function some<S extends z.ZodRawShape>(shape: S): z.ZodObject<S, z.core.$strict> {
  const known = Object.keys(shape).join(', ')
  return strict(shape)
    .refine(hasAny, {
      error: `a mapping with at least one of ${known} (an empty one holds for anything)`,
      abort: true,
    })
    .meta({ minProperties: 1 })
}

function hasAny(mapping: object): boolean {
  return Object.values(mapping).some((value) => value !== undefined)
}

export const json = z.custom<StoredJson>((value) => isStoredJson(value, JSON_DEPTH_MAX), 'plain JSON data')
export const word = z.string('text')
export const count = z.int('a whole number from 0').min(0, 'a whole number from 0')
export const positive = z.int('a whole number from 1').min(1, 'a whole number from 1')
export const amount = z.number('a number from 0').min(0, 'a number from 0')

export function named<S extends z.ZodType>(value: S, description: string): z.ZodRecord<z.ZodString, S> {
  return z
    .record(z.string(), value, 'a mapping')
    .refine(hasAny, 'a mapping with at least one key (an empty one holds for anything)')
    .meta({ description, minProperties: 1 })
}

/** Every text contains the empty one. */
const content = z.string().min(1, 'text that is not empty')

export const textMatcher = z
  .union(
    [
      z.string(),
      strict({
        contains: z.union([content, z.array(content).min(1, 'at least one text')], CONTENT_RULE),
      }),
      strict({ matches: word.superRefine((text, context) => addRule(context, patternRule(text))) }),
    ],
    'text, { contains: … } or { matches: … }',
  )
  .meta({
    description: 'Text it must equal, all texts it must contain, or a regular expression it must match.',
  })

export const numberMatcher = z
  .union(
    [
      amount,
      strict({ min: amount.optional(), max: amount.optional() })
        .refine(({ min = 0, max = Number.MAX_VALUE }) => min <= max, 'a range whose min is not above its max')
        // It would hold for anything.
        // With `abort`, a mapping of other keys may be meant by another branch of a choice.
        .refine(({ min, max }) => min !== undefined || max !== undefined, {
          error: 'a range with min, max or both',
          abort: true,
        }),
    ],
    'a number from 0, or { min, max }',
  )
  .meta({ id: 'number', description: 'A number exactly, or a range with both ends included.' })

/** Data that is matched in part: `{ matches }` and `{ contains }` in it, beside a text, are matchers. */
export const partial = json
  .superRefine((value, context) => {
    for (const { path, expected } of wrongMatchersIn(value)) addRule(context, expected, path)
  })
  .refine(
    (value) => !isEmptyMapping(value),
    'a value with something in it (an empty mapping holds for any mapping)',
  )

/** Every wrong matcher in plain data; none in what is no plain data. */
export function wrongMatchersIn(value: unknown): readonly WrongMatcher[] {
  return isStoredJson(value, JSON_DEPTH_MAX) ? wrongMatchers(value) : []
}

function isEmptyMapping(value: StoredJson): boolean {
  return isMapping(value) && Object.keys(value).length === 0
}

function addRule(
  context: z.core.$RefinementCtx,
  expected: string | undefined,
  path: readonly string[] = [],
): void {
  if (expected !== undefined) context.addIssue({ code: 'custom', path: [...path], message: expected })
}
