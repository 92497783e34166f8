import { holdsWritten } from '../../match/equal.ts'
import { isMapping, type StoredJson } from '../grammar/json.ts'
import { urlIn } from '../effects/fetch-failures.ts'

/** What can be asked of a request. */
const PARTS = ['query', 'headers', 'body'] as const
type Part = (typeof PARTS)[number]

/** What is wrong with a `where` of a request; `undefined` for none. */
export function whereRule(where: StoredJson): string | undefined {
  const keys = isMapping(where) ? Object.keys(where) : []
  return keys.length > 0 && keys.every((key) => PARTS.some((part) => part === key))
    ? undefined
    : `an object with any of ${PARTS.join(', ')} after \`where\``
}

/**
 * Whether a request is one that `where` means. Texts of headers and queries equal numbers that are written so. Of a
 * parameter that is there several times, a text is one of its values, and a list all of them in order.
 */
export function meetsRequest(where: StoredJson, input: unknown): boolean {
  const { headers, body } = (typeof input === 'object' && input !== null ? input : {}) as Request
  return Object.entries(where as Readonly<Record<Part, StoredJson>>).every(([part, wanted]) => {
    switch (part as Part) {
      case 'query':
        return meetsQuery(input, wanted)
      case 'headers':
        return (
          isMapping(wanted) &&
          holds(
            headers,
            asTexts(wanted, (name) => name.toLowerCase()),
          )
        )
      case 'body':
        return holds(body, wanted)
    }
  })
}

type Mapping = Readonly<Record<string, StoredJson>>
type Request = Partial<Record<'headers' | 'body', unknown>>

function meetsQuery(input: unknown, wanted: StoredJson): boolean {
  const url = URL.parse(urlIn(input))
  if (url === null || !isMapping(wanted)) return false
  return Object.entries(asTexts(wanted)).every(([name, value]) => {
    const values = url.searchParams.getAll(name)
    return Array.isArray(value) ? holds(values, value) : values.some((each) => holds(each, value))
  })
}

function holds(actual: unknown, wanted: StoredJson): boolean {
  return holdsWritten(actual, wanted) === true
}

/** The same with numbers as their texts. */
function asTexts(wanted: Mapping, rename = (name: string) => name): Mapping {
  return Object.fromEntries(
    Object.entries(wanted).map(([name, value]) => [
      rename(name),
      Array.isArray(value) ? (value as readonly StoredJson[]).map(asText) : asText(value),
    ]),
  )
}

function asText(value: StoredJson): StoredJson {
  return typeof value === 'number' ? String(value) : value
}
