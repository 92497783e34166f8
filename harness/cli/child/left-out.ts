import { count } from '../../../reporters/text/words.ts'
import { firstOf, indented } from '../../../src/base/listed.ts'
import { ShakedownError } from '../../../src/base/errors.ts'
import { displayPath } from '../../scenario/file-problem.ts'
import { isWithin } from '../../scenario/file/boundary.ts'
import { SCENARIO_GLOB } from '../../scenario/file/names.ts'

/** Files that are named; the others are counted. */
const NAMED_MAX = 8

/** What decides which files of a Vitest project are tests. */
export interface ProjectScope {
  readonly root: string
  /** Patterns relative to the root. */
  readonly exclude: readonly string[]
}

/**
 * Refuses to leave out scenario files that no pattern excluded. A workspace whose projects lack the plugin would pass
 * without having run them.
 *
 * @param found absolute paths of the scenario files that are to run
 * @param chosen those that Vitest will run
 * @throws ShakedownError `E_LEFT_OUT`
 */
export async function refuseLeftOut(
  found: readonly string[],
  chosen: readonly string[],
  projects: readonly ProjectScope[],
  cwd: string,
): Promise<void> {
  const running = new Set(chosen)
  const missing = found.filter((file) => !running.has(file))
  if (missing.length === 0) return
  const wanted = new Set<string>()
  for (const { root, exclude } of projects) {
    const inside = missing.filter((file) => isWithin(file, root))
    for (const file of await notExcluded(inside, root, exclude)) wanted.add(file)
  }
  const leftOut = missing.filter(
    (file) => wanted.has(file) || !projects.some(({ root }) => isWithin(file, root)),
  )
  if (leftOut.length === 0) return
  const named = leftOut.map((file) => displayPath(file, cwd))
  throw new ShakedownError(
    'E_LEFT_OUT',
    `Expected a project of this Vitest to run ${count(leftOut.length, 'scenario file')}, but none does:\n\n${indented(firstOf(named, NAMED_MAX)).join('\n')}`,
    {
      hint: 'In a workspace, give the plugin to each project with a configuration file of its own: plugins: [shakedown()]. Files that are not meant to run belong in `exclude`.',
    },
  )
}

/** Vitest's own way to apply `exclude`: as patterns that are not searched. */
async function notExcluded(
  files: readonly string[],
  root: string,
  exclude: readonly string[],
): Promise<readonly string[]> {
  if (files.length === 0) return []
  // Loaded where a file is missing, which it hardly ever is.
  const { glob } = await import('tinyglobby')
  const kept = await glob(SCENARIO_GLOB, {
    cwd: root,
    absolute: true,
    ignore: exclude,
    expandDirectories: false,
    followSymbolicLinks: false,
  })
  const known = new Set(kept)
  return files.filter((file) => known.has(file))
}
