import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { UNUSABLE_SCENARIO } from '../../../reporters/report/scenarios.ts'
import { displayPath } from '../../scenario/file-problem.ts'
import { isReallyWithin, outsideSentence } from '../../scenario/file/boundary.ts'
import { scenarioLanguage } from '../../scenario/file/names.ts'

// A scenario file that is a link. Vite would go on with the file it leads to, under a name that perhaps says nothing of
// scenarios any more: of a file outside of the project it would quote the line it cannot read, and of one inside it
// would make nothing of YAML.

/** The zero byte keeps other plugins away; the rest is the file. */
const PREFIX = '\0shakedown:foreign-scenario:'

/**
 * The id of a scenario file that Vite must not follow: of a module that refuses it when it leads out of the project,
 * and its own path when what it leads to does not have the name of a scenario file in that language. `undefined` for
 * all others.
 *
 * @param source how Vitest asks for a test file: its path, or one below `root`
 */
export function linkedScenarioId(source: string, root: string, scenarioRoot: string): string | undefined {
  const path = source.replace(/\?.*$/, '').replace(/^\/@fs(?=\/)/, '')
  const file = existsSync(path) ? path : join(root, path)
  if (!existsSync(file)) return undefined
  // With a file's ending the id could be taken for the file.
  if (!isReallyWithin(file, scenarioRoot)) return `${PREFIX}${file}:refused`
  return scenarioLanguage(realpathSync(file)) === scenarioLanguage(file) ? undefined : file
}

/** The module of an id that refuses its file. It throws without a place: Vitest shows the lines around a place. */
export function refusedScenarioModule(id: string, root: string, scenarioRoot: string): string | undefined {
  if (!id.startsWith(PREFIX)) return undefined
  const file = displayPath(id.slice(PREFIX.length, -':refused'.length), root)
  const message = outsideSentence(file, scenarioRoot)
  return `throw Object.assign(new Error(${JSON.stringify(message)}), { name: '${UNUSABLE_SCENARIO}', stack: '' })`
}

/**
 * The file that imports of a linked scenario file are relative to: the one it leads to, as everywhere in Node.
 *
 * @param importer the module that imports; `undefined` when it is no linked scenario file
 */
export function linkedImporter(importer: string | undefined): string | undefined {
  const file = importer?.replace(/\?.*$/, '')
  if (file === undefined || scenarioLanguage(file) === undefined || !existsSync(file)) return undefined
  const real = realpathSync(file)
  return real === file ? undefined : real
}
