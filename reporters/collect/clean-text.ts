import { stripVTControlCharacters } from 'node:util'
import type { Redactor } from '../../src/base/redact/redactor.ts'
import type { ProjectPaths } from './project-paths.ts'

/**
 * Longer texts are cut to this before anything else looks at them: a diff of two big objects can be tens of
 * megabytes, and everything after this line is linear in it.
 */
const LOOKED_AT_CHARS_MAX = 1_000_000

/** Prepares text from a test for the journal. */
export interface CleanText {
  readonly paths: ProjectPaths
  /** Without colour codes and secrets, project paths made relative, cut to `charsMax`. */
  clean(text: string, charsMax: number): string
  /** A value as JSON, cleaned in the same way; what cannot be JSON is said to be so. */
  dump(value: unknown, charsMax: number): string
}

export function createCleanText(paths: ProjectPaths, redactor: Redactor): CleanText {
  const clean = (text: string, charsMax: number): string => {
    const looked = text.slice(0, LOOKED_AT_CHARS_MAX)
    // Colour codes go first, they can be in the middle of a secret; the cut comes last, it can split one.
    const whole = redactor.text(paths.inText(stripVTControlCharacters(looked)))
    const cut = text.length - looked.length + Math.max(0, whole.length - charsMax)
    return cut > 0 ? `${whole.slice(0, charsMax)}\n… ${cut} more characters` : whole
  }
  return {
    paths,
    clean,
    dump(value, charsMax) {
      const json = jsonOf(value)
      // As JSON a secret is known by the name of the object that it is in; a longer text is not worth three copies.
      return clean(json.length > LOOKED_AT_CHARS_MAX ? json : redactor.json(json), charsMax)
    },
  }
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value, (_, part: unknown) => plain(part)) ?? String(value)
  } catch {
    return '"an object that is no JSON"'
  }
}

/** JSON escapes colour codes, so they go before it. */
function plain(part: unknown): unknown {
  if (typeof part === 'string') return stripVTControlCharacters(part)
  return typeof part === 'bigint' ? `${part}n` : part
}
