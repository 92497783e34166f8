import { nameSeparator } from '../text/name-separator.ts'
import type { TestCase, TestSpecification, Vitest } from 'vitest/node'

/** Decides which skipped tests were left out by a filter rather than by the person who wrote them. */
export interface Selection {
  /** What left the test out, e.g. `-t /login/`; `undefined` when no filter did. */
  deselectedBy(test: TestCase): string | undefined
}

/**
 * Reads the filters of a run. Vitest turns tests that a filter leaves out into skipped ones and keeps no mark, so
 * the name pattern is matched again. A file narrowed by line, id or tag has no pattern to match: there, what did
 * not run counts as left out, unless it carries a note.
 */
export function readSelection(vitest: Vitest, specifications: readonly TestSpecification[]): Selection {
  const globalPattern = vitest.getGlobalTestNamePattern()
  const narrowed = new Map<string, string>()
  const patterns = new Map<string, RegExp>()
  for (const spec of specifications) {
    const filter = narrowedBy(spec)
    if (filter) narrowed.set(spec.moduleId, filter)
    const pattern = spec.testNamePattern ?? globalPattern
    if (pattern) patterns.set(spec.moduleId, pattern)
  }
  const separator = nameSeparator(vitest.version)
  return {
    deselectedBy(test) {
      const pattern = patterns.get(test.module.moduleId) ?? globalPattern
      if (pattern && !matches(pattern, test, separator)) return `-t ${String(pattern)}`
      return narrowed.get(test.module.moduleId)
    },
  }
}

function narrowedBy(spec: TestSpecification): string | undefined {
  // Vitest 4 has no `testNames`; reading it there gives undefined, as if it were not set.
  if (spec.testLines?.length) return `line filter ${spec.testLines.join(', ')}`
  if (spec.testIds?.length || spec.testNames?.length) return 'a selection of single tests'
  if (spec.testTagsFilter?.length) return `tag filter ${spec.testTagsFilter.join(', ')}`
  return undefined
}

/** Compares as Vitest did: the names of the suites and the test, joined by what that release joins them with. */
function matches(pattern: RegExp, test: TestCase, separator: string): boolean {
  const names = [test.name]
  let parent = test.parent
  while (parent.type === 'suite') {
    names.unshift(parent.name)
    parent = parent.parent
  }
  // `match` and not `test`: a pattern with the g flag remembers where it stopped.
  return names.join(separator).match(pattern) !== null
}
