import { existsSync, readdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { describeThrown } from '../../../src/base/serialize-error.ts'
import { didYouMean } from '../../../src/base/nearest.ts'
import { importedAt } from '../../world/globals/clock-for.ts'
import { installFakes } from '../../world/globals/fakes.ts'
import { WALL_START_MS } from '../../world/sim-world.ts'
import type { Restart, Subject } from '../../scenario/scenario.ts'
import { subjectIn, SubjectError } from '../../scenario/subject.ts'

type Exports = Readonly<Record<string, unknown>>

/** What became of importing a subject's file. A failure waits for the tests that need the subject, and fails those. */
export type ImportedSubject =
  | {
      readonly kind: 'module'
      readonly exports: Exports
      /** Imports it once more, as a fresh process would. */
      readonly again: (() => Promise<Exports>) | undefined
    }
  | { readonly kind: 'failure'; readonly error: SubjectError }

/**
 * Imports the file of a subject, once for all scenarios that name it. What its modules put aside at import, such as
 * `promisify(setTimeout)`, is virtual in scenarios and real outside; what time it is they are told as scenarios are.
 * @param scenarioFile absolute path of the file that names the subject
 * @param loadAgain imports it as the nth incarnation, where a scenario asks for crashes
 */
export async function importSubject(
  scenarioFile: string,
  specifier: string,
  load: () => Promise<Exports>,
  loadAgain?: (life: number) => Promise<Exports>,
): Promise<ImportedSubject> {
  const putBack = installFakes()
  try {
    const again = loadAgain === undefined ? undefined : () => loadAgain(++lives)
    return { kind: 'module', exports: await importedAt(WALL_START_MS, load), again }
  } catch (cause) {
    return { kind: 'failure', error: importFailure(scenarioFile, specifier, cause) }
  } finally {
    putBack()
  }
}

/** Each import has a number of its own: modules that were evaluated once are not evaluated again. */
let lives = 0

/** The subject of one scenario. @throws SubjectError when its file or export cannot be had */
export function subjectOfImport(imported: ImportedSubject, reference: string): Subject {
  if (imported.kind === 'failure') throw imported.error
  const { exports, again } = imported
  const subject = subjectIn(exports, reference)
  if (again === undefined || subject.kind !== 'function') return subject
  const restart: Restart = async () => {
    const fresh = subjectIn(await again(), reference)
    // It was one a moment ago.
    return fresh.kind === 'function' ? fresh.run : subject.run
  }
  return { ...subject, restart }
}

function importFailure(scenarioFile: string, specifier: string, cause: unknown): SubjectError {
  const file = resolve(dirname(scenarioFile), specifier)
  if (existsSync(file)) {
    return new SubjectError(
      `Expected the subject's file \`${specifier}\` to be importable, but it threw: ${describeThrown(cause)}`,
      { cause },
    )
  }
  return new SubjectError(
    `Expected the subject's file \`${specifier}\` to exist, got nothing there.${neighbour(file, specifier)}`,
  )
}

function neighbour(file: string, specifier: string): string {
  const folder = dirname(file)
  if (!existsSync(folder)) return ''
  const prefix = specifier.slice(0, specifier.lastIndexOf('/') + 1)
  return didYouMean(
    specifier,
    readdirSync(folder).map((name) => prefix + name),
  )
}
