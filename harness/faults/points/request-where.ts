import type { StoredJson } from '../grammar/json.ts'
import { contains } from './contains.ts'
import { urlIn } from '../effects/fetch-failures.ts'

/** What can be asked of a request. */
const PARTS = ['query', 'headers', 'body'] as const
type Part = (typeof PARTS)[number]

/** What is wrong with a `where` of a request; `undefined` for none. */
export function whereRule(where: StoredJson): string | undefined {
  const keys = typeof where === 'object' && where !== null && !Array.isArray(where) ? Object.keys(where) : []
  return keys.length > 0 && keys.every((key) => PARTS.some((part) => part === key))
    ? undefined
    : `an object with any of ${PARTS.join(', ')} after \`where\``
}

/** Whether a request is one that `where` means. Texts of headers and queries equal numbers that are written so. */
export function meetsRequest(where: StoredJson, input: unknown): boolean {
  const request = (typeof input === 'object' && input !== null ? input : {}) as Partial<Record<Part, unknown>>
  return Object.entries(where as Readonly<Record<Part, StoredJson>>).every(([part, wanted]) =>
    contains(
      part === 'query' ? queryOf(input) : request[part as Part],
      part === 'body' ? wanted : asTexts(part, wanted),
    ),
  )
}

function queryOf(input: unknown): unknown {
  const url = URL.parse(urlIn(input))
  return url === null ? undefined : Object.fromEntries(url.searchParams)
}

function asTexts(part: string, wanted: StoredJson): StoredJson {
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted)) return wanted
  return Object.fromEntries(
    Object.entries(wanted).map(([name, value]: [string, StoredJson]) => [
      part === 'headers' ? name.toLowerCase() : name,
      typeof value === 'number' ? String(value) : value,
    ]),
  )
}
