import { readFileSync } from 'node:fs'
import path from 'node:path'
import { findConfigFile } from '../config-file.ts'

/** `reportDir: 'out'`, not in a comment. */
const NAMED = /^(?!\s*\*)(?:(?!\/\/).)*?\breportDir:\s*(['"`])([^'"`$\n]+)\1/gm

/**
 * The report folder that the configuration names, read from its text: of a run that is refused before its configuration
 * is run, or because it cannot be, nobody knows better. `undefined` where it names none, or several.
 *
 * @param cwd where Vitest is started, which its folder is relative to
 * @param config the configuration file; the one that Vitest finds where none is given
 */
export function guessedReportDir(cwd: string, config: string | undefined): string | undefined {
  const [dir, ...others] = new Set(
    [...textOf(config ?? findConfigFile(cwd)).matchAll(NAMED)].map(([, , name]) => name),
  )
  return dir === undefined || others.length > 0 ? undefined : path.resolve(cwd, dir)
}

function textOf(file: string | undefined): string {
  try {
    return file === undefined ? '' : readFileSync(file, 'utf8')
  } catch {
    // Perhaps it is what the run is refused for.
    return ''
  }
}
