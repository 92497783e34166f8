import { displayPath } from '../../scenario/file-problem.ts'
import { isWithin } from '../../scenario/file/boundary.ts'
import { ShakedownError } from '../../../src/base/errors.ts'
import { scenarioLanguage } from '../../scenario/file/names.ts'
import { statOf } from '../stat-of.ts'
import { hasPart, noSuchPath } from '../supervisor/find-scenarios.ts'
import type { VitestJob } from '../supervisor/messages.ts'

/** What of a job decides its files. */
type Choice = Pick<VitestJob, 'places' | 'parts' | 'scenariosOnly' | 'cwd'>

/**
 * Which of the project's test files a job is about, sorted.
 *
 * @param projectFiles absolute paths of all test files Vitest would run; one of two projects is there twice
 */
export function chooseFiles(
  projectFiles: readonly string[],
  { places, parts, scenariosOnly, cwd }: Choice,
): readonly string[] {
  const chosen = [...new Set(projectFiles)].filter(
    (file) =>
      (!scenariosOnly || scenarioLanguage(file) !== undefined) &&
      (places.length + parts.length === 0 ||
        places.some((place) => isWithin(file, place)) ||
        parts.some((part) => hasPart(file, part, cwd))),
  )
  return chosen.toSorted()
}

/**
 * Refuses a job that Vitest's configuration leaves nothing of.
 *
 * @throws ShakedownError `E_NOTHING_TO_RUN` when no file is left, or one is missing that was named; `E_NO_SUCH_PATH`
 *   for a part of a path that no test file has
 */
export function requireFiles(chosen: readonly string[], { places, parts, scenariosOnly, cwd }: Choice): void {
  const stray = parts.find((part) => !chosen.some((file) => hasPart(file, part, cwd)))
  // That there are such scenario files is known: the configuration leaves them out.
  if (stray !== undefined && !scenariosOnly) throw noSuchPath(stray, cwd)
  // A folder may hold nothing for us (`packages/*`), but a file that is named is meant.
  const missing = places.find((place) => statOf(place)?.isFile() === true && !chosen.includes(place))
  if (chosen.length > 0 && missing === undefined && stray === undefined) return
  const where = displayPath(missing ?? places[0] ?? parts[0] ?? cwd, cwd)
  throw new ShakedownError(
    'E_NOTHING_TO_RUN',
    missing === undefined
      ? `Expected the Vitest of this project to run ${scenariosOnly ? 'scenario' : 'test'} files in ${where}, but its configuration leaves none in.`
      : `Expected the Vitest of this project to run ${where}, but its configuration leaves it out.`,
    {
      hint: 'See `include`, `exclude`, `dir` and `root` in vitest.config.ts, or name another one with --config.',
    },
  )
}
