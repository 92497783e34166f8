import { hasOneRepetition } from './cheap-pattern.ts'

/** A matcher that cannot be meant, in data that is matched in part. */
export interface WrongMatcher {
  /** Where it is in the data. */
  readonly path: readonly string[]
  /** What it has to be, to complete `Expected …`. */
  readonly expected: string
}

/** Every `{ contains }` and `{ matches }` in plain data that is no matcher, or that any text would meet. */
export function wrongMatchers(value: unknown, at: readonly string[] = []): readonly WrongMatcher[] {
  if (typeof value !== 'object' || value === null) return []
  const parts: readonly [string, unknown][] = Object.entries(value)
  const [[key, text] = []] = parts
  if (parts.length === 1 && !Array.isArray(value)) {
    const expected =
      key === 'matches' ? patternRule(text) : key === 'contains' ? contentRule(text) : undefined
    if (expected !== undefined) return [{ path: [...at, key ?? ''], expected }]
  }
  return parts.flatMap(([name, part]) => wrongMatchers(part, at.concat(name)))
}

/** What a text that is matched by has to be; `undefined` for one that is, and for what is no text. */
export function patternRule(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined
  if (!isPattern(text)) return 'a regular expression'
  return matchesAnyText(text) ? 'a regular expression that not every text matches' : undefined
}

/** What `contains` takes: every text contains the empty one. */
export const CONTENT_RULE = 'text or a list of texts, none of them empty'

function contentRule(content: unknown): string | undefined {
  return content === '' || (Array.isArray(content) && content.includes('')) ? CONTENT_RULE : undefined
}

/** The flag is the one expectations are matched with. */
function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp
  } catch {
    return false
  }
}

/** Whatever a message may be made of; the line break is left out where a dot stands for any character of a line. */
const ALL_SORTS = ` !"#$%&'()*+,-./0123456789:;<=>?@ABCXYZ[\\]^_\`abcxyz{|}~ äé漢😀`

/** `.*`, `^`, `[^]*`, the empty text. A pattern with groups is believed: to try it could take for ever. */
function matchesAnyText(pattern: string): boolean {
  if (!hasOneRepetition(pattern)) return false
  const expression = new RegExp(pattern, 'u')
  const others = pattern.includes('.') ? [] : [`${ALL_SORTS}\n\r\t`]
  return ['', ALL_SORTS, ...others].every((text) => expression.test(text))
}
