import { displayPath, ScenarioFileError } from '../../scenario/file-problem.ts'
import { isWithin } from '../../scenario/file/boundary.ts'
import { readScenarioFile } from '../../scenario/file/read-file.ts'
import { count } from '../../../reporters/text/words.ts'
import { ShakedownError } from '../../../src/base/errors.ts'
import { scenarioLanguage } from '../../scenario/file/names.ts'
import { statOf } from '../stat-of.ts'
import type { VitestJob } from '../supervisor/messages.ts'

/** Lines that fit a screen beside what else is said; a longer account is given without code frames. */
const LINES_MAX = 16

/** What of a job decides its files. */
type Choice = Pick<VitestJob, 'places' | 'scenariosOnly' | 'cwd'>

/**
 * Which of the project's test files a job is about, sorted.
 *
 * @param projectFiles absolute paths of all test files Vitest would run; one of two projects is there twice
 */
export function chooseFiles(
  projectFiles: readonly string[],
  { places, scenariosOnly }: Choice,
): readonly string[] {
  const chosen = [...new Set(projectFiles)].filter(
    (file) =>
      (!scenariosOnly || scenarioLanguage(file) !== undefined) &&
      (places.length === 0 || places.some((place) => isWithin(file, place))),
  )
  return chosen.toSorted()
}

/**
 * Refuses a job that Vitest's configuration leaves nothing of.
 *
 * @throws ShakedownError `E_NOTHING_TO_RUN` when no file is left, or one is missing that was named
 */
export function requireFiles(chosen: readonly string[], { places, scenariosOnly, cwd }: Choice): void {
  // A folder may hold nothing for us (`packages/*`), but a file that is named is meant.
  const missing = places.find((place) => statOf(place)?.isFile() === true && !chosen.includes(place))
  if (chosen.length > 0 && missing === undefined) return
  const where = displayPath(missing ?? places[0] ?? cwd, cwd)
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

/**
 * Reads every YAML scenario file before anything runs, so that all mistakes of all files come at once.
 *
 * @throws ShakedownError `E_SCENARIO`
 */
export function checkScenarioFiles(files: readonly string[], cwd: string, scenarioRoot?: string): void {
  const refused: ScenarioFileError[] = []
  for (const file of files) {
    if (scenarioLanguage(file) !== 'yaml') continue
    try {
      readScenarioFile(file, { root: cwd, scenarioRoot })
    } catch (error) {
      if (!(error instanceof ScenarioFileError)) throw error
      refused.push(error)
    }
  }
  if (refused.length === 0) return
  const framed = refused.map(({ message }) => message).join('\n\n')
  const fits = framed.split('\n').length <= LINES_MAX
  throw new ShakedownError('E_SCENARIO', fits ? framed : refused.map(({ summary }) => summary).join('\n'), {
    hint: `${count(refused.length, 'scenario file')} cannot be used. Nothing was run.`,
  })
}
