import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { UNUSABLE_SCENARIO } from '../../../reporters/report/scenarios.ts'
import { displayPath } from '../../scenario/file-problem.ts'
import { isReallyWithin, outsideSentence } from '../../scenario/file/boundary.ts'

// A scenario file that is a link to a file outside of the project: Vite would go on with the other file, under a name
// that says nothing of scenarios any more, and quote the line it cannot read.

/** The zero byte keeps other plugins away; the rest is the file. */
const PREFIX = '\0shakedown:foreign-scenario:'

/**
 * The id of a module that refuses the file; `undefined` for a file that is inside.
 *
 * @param source how Vitest asks for a test file: its path, or one below `root`
 */
export function foreignScenarioId(source: string, root: string, scenarioRoot: string): string | undefined {
  const path = source.replace(/\?.*$/, '').replace(/^\/@fs(?=\/)/, '')
  const file = existsSync(path) ? path : join(root, path)
  // With a file's ending the id could be taken for the file.
  return !existsSync(file) || isReallyWithin(file, scenarioRoot) ? undefined : `${PREFIX}${file}:refused`
}

/** The module of such an id. It throws without a place: Vitest shows the lines around a place. */
export function foreignScenarioModule(id: string, root: string, scenarioRoot: string): string | undefined {
  if (!id.startsWith(PREFIX)) return undefined
  const file = displayPath(id.slice(PREFIX.length, -':refused'.length), root)
  const message = outsideSentence(file, scenarioRoot)
  return `throw Object.assign(new Error(${JSON.stringify(message)}), { name: '${UNUSABLE_SCENARIO}', stack: '' })`
}
