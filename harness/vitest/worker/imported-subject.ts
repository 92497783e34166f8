import { existsSync, readdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { describeThrown } from '../../../src/base/serialize-error.ts'
import { didYouMean } from '../../../src/base/nearest.ts'
import type { Subject } from '../../scenario/scenario.ts'
import { installFakes } from '../../world/globals/fakes.ts'
import { subjectIn, SubjectError } from '../../scenario/subject.ts'

/** What became of importing a subject's file. A failure waits for the tests that need the subject, and fails those. */
export type ImportedSubject =
  | { readonly kind: 'module'; readonly exports: Readonly<Record<string, unknown>> }
  | { readonly kind: 'failure'; readonly error: SubjectError }

/**
 * Imports the file of a subject, once for all scenarios that name it. What its modules put aside at import, such as
 * `promisify(setTimeout)`, is virtual in scenarios and real outside.
 * @param scenarioFile absolute path of the file that names the subject
 */
export async function importSubject(
  scenarioFile: string,
  specifier: string,
  load: () => Promise<Readonly<Record<string, unknown>>>,
): Promise<ImportedSubject> {
  const putBack = installFakes()
  try {
    return { kind: 'module', exports: await load() }
  } catch (cause) {
    return { kind: 'failure', error: importFailure(scenarioFile, specifier, cause) }
  } finally {
    putBack()
  }
}

/** The subject of one scenario. @throws SubjectError when its file or export cannot be had */
export function subjectOfImport(imported: ImportedSubject, reference: string): Subject {
  if (imported.kind === 'failure') throw imported.error
  return subjectIn(imported.exports, reference)
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
