import type * as z from './zod.ts'

const TYPES: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'a text',
}

const COUNTED: Readonly<Record<string, string>> = { array: ' entries', string: ' characters' }

/**
 * What was expected, in our words; a schema's own words where it has some.
 *
 * @example
 * const { error } = z.int().min(1).safeParse(0)
 * const words = error?.issues.map(expectedBy) // ['expected at least 1']
 */
export function expectedBy(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      // The schema has words of its own.
      if (!issue.message.startsWith('Invalid input')) return issue.message
      if (issue.expected === 'nonoptional') return 'expected it to be given'
      return issue.input === Infinity || / received (-?Infinity|NaN)$/.test(issue.message)
        ? 'expected a finite number'
        : `expected ${TYPES[issue.expected] ?? issue.expected}`
    case 'too_small':
      if (!issue.message.startsWith('Too small')) return issue.message
      return `expected ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${COUNTED[issue.origin] ?? ''}`
    case 'too_big':
      if (!issue.message.startsWith('Too big')) return issue.message
      return `expected ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${COUNTED[issue.origin] ?? ''}`
    case 'invalid_value':
      if (!issue.message.startsWith('Invalid')) return issue.message
      return `expected ${issue.values.map((value) => (typeof value === 'string' ? `'${value}'` : String(value))).join(' or ')}`
    case 'invalid_union': {
      if (!issue.message.startsWith('Invalid')) return issue.message
      const words = issue.errors.flatMap(([first]) => (first === undefined ? [] : [expectedBy(first)]))
      return `expected ${[...new Set(words.map((each) => each.replace(/^expected /, '')))].join(' or ')}`
    }
    default:
      return issue.message
  }
}

/** What is wrong inside the one form of several that a value was meant to have; `undefined` when it has none of them. */
export function insideUnion(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] | undefined {
  if (issue.code !== 'invalid_union') return undefined
  return issue.errors.find(
    (inner) =>
      inner.length > 0 && inner.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'),
  )
}
