import { statSync } from 'node:fs'
import path from 'node:path'
import { displayPath, ScenarioFileError } from '../scenario/file-problem.ts'
import { readScenarioFile } from '../scenario/read-file.ts'
import { count } from '../../reporters/render/words.ts'
import { ShakedownError } from '../../src/index.ts'
import { SCENARIO_FILE } from './find-scenarios.ts'
import type { VitestJob } from './messages.ts'

/** Lines that fit a screen beside what else is said; a longer account is given without code frames. */
const LINES_MAX = 16

/**
 * Which of the project's test files a job is about.
 *
 * @param projectFiles absolute paths of all test files Vitest would run
 * @throws ShakedownError `E_NOTHING_TO_RUN` when Vitest leaves out all of them
 */
export function chooseFiles(
  projectFiles: readonly string[],
  job: Pick<VitestJob, 'places' | 'scenariosOnly' | 'cwd'>,
): readonly string[] {
  const { places, scenariosOnly, cwd } = job
  const chosen = [...new Set(projectFiles)].filter(
    (file) =>
      (!scenariosOnly || SCENARIO_FILE.test(file)) &&
      (places.length === 0 || places.some((place) => isWithin(file, place))),
  )
  // A folder may hold nothing for us (`packages/*`), but a file that somebody named is meant.
  const leftOut = places.find((place) => statSync(place).isFile() && !chosen.includes(place))
  if (chosen.length > 0 && leftOut === undefined) return chosen.toSorted()
  const where = displayPath(leftOut ?? places[0] ?? cwd, cwd)
  throw new ShakedownError(
    'E_NOTHING_TO_RUN',
    leftOut === undefined
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
export function checkScenarioFiles(files: readonly string[], cwd: string): void {
  const refused: ScenarioFileError[] = []
  for (const file of files) {
    if (!/\.scenario\.ya?ml$/.test(file)) continue
    try {
      readScenarioFile(file, { root: cwd })
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

function isWithin(file: string, place: string): boolean {
  const way = path.relative(place, file)
  return way === '' || (!way.startsWith('..') && !path.isAbsolute(way))
}
