import type * as z from '../../src/base/zod.ts'
import { didYouMean, nearest, suggest } from '../../src/base/nearest.ts'
import { got } from '../../src/base/got.ts'
import { keyPath } from './positions.ts'
import { valueAt } from '../../src/base/value-at.ts'

type Path = readonly (string | number)[]

/** One schema issue in words; the reader of the file knows where the path is. */
export interface Mismatch {
  readonly path: Path
  readonly message: (place: string) => string
  /** It is about the word at the path, not about its key: one of a few was expected. */
  readonly ofWord?: boolean
}

/** Turns zod's issues into sentences. Relies on the texts `schema.ts` gives its schemas. */
export function describeIssues(issues: readonly z.core.$ZodIssue[], document: unknown): Mismatch[] {
  const found = findMismatches(issues, document, [])
  // A misspelt key leaves the one it was meant to be missing; saying so twice helps no reader.
  const meant = new Set(found.flatMap(({ meant: path }) => (path === undefined ? [] : [keyPath(path)])))
  return found.filter(({ path, missing }) => !(missing && meant.has(keyPath(path))))
}

interface Found extends Mismatch {
  /** There is nothing at the path. */
  readonly missing: boolean
  /** For an unknown key: the path it would have with the nearest known name. */
  readonly meant: Path | undefined
}

function findMismatches(issues: readonly z.core.$ZodIssue[], document: unknown, parent: Path): Found[] {
  return issues.flatMap((issue) => {
    const path = [...parent, ...(issue.path as Path)]
    // What a mapping lacks as a whole is not to be told beside a key of it that is misspelt.
    if (
      issue.code === 'custom' &&
      unknown(issues).some((other) => keyPath(other.path as Path) === keyPath(issue.path as Path))
    )
      return []
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => unknownKey(key, path, issue.message.split(', ')))
    }
    const value = valueAt(document, path)
    const branch = issue.code === 'invalid_union' ? meantBranch(issue, value) : undefined
    if (branch !== undefined) return findMismatches(branch, document, path)
    const name = path.length === 0 ? 'the scenario' : `\`${keyPath(path)}\``
    const ofWord = issue.code === 'invalid_value' && typeof value === 'string'
    const help = ofWord ? didYouMean(value, issue.values.map(String)) : ''
    const message = (place: string): string =>
      `Expected ${name} in ${place} to be ${issue.message}, got ${got(value)}.${help}`
    return [{ path, message, ofWord, missing: value === undefined, meant: undefined }]
  })
}

function unknownKey(key: string, parent: Path, known: readonly string[]): Found {
  const name = nearest(key, known)
  const help = name === undefined ? ` Known keys: ${known.join(', ')}.` : suggest(name)
  return {
    path: [...parent, key],
    message: (place) => `Unknown key \`${key}\` in ${place}.${help}`,
    missing: false,
    meant: name === undefined ? undefined : [...parent, name],
  }
}

/** An author who wrote a mapping meant the mapping: say what is wrong inside, not that it could have been text. */
function meantBranch(
  issue: z.core.$ZodIssueInvalidUnion,
  value: unknown,
): readonly z.core.$ZodIssue[] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const mappings = issue.errors
    .flatMap(branches)
    .filter((issues) => !issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0))
  // Of several kinds of mapping, the one whose keys were used.
  return (
    mappings.find((issues) => unknown(issues).length === 0) ??
    mappings.find((issues) =>
      unknown(issues).every(({ keys, message }) =>
        keys.every((key) => nearest(key, message.split(', ')) !== undefined),
      ),
    ) ??
    mappings[0]
  )
}

function unknown(issues: readonly z.core.$ZodIssue[]): readonly z.core.$ZodIssueUnrecognizedKeys[] {
  return issues.filter((issue) => issue.code === 'unrecognized_keys')
}

/** A choice among choices is one choice. */
function branches(issues: readonly z.core.$ZodIssue[]): readonly (readonly z.core.$ZodIssue[])[] {
  const [issue] = issues
  return issue?.code === 'invalid_union' && issue.path.length === 0
    ? issue.errors.flatMap(branches)
    : [issues]
}
