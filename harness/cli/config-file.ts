import path from 'node:path'
import { statOf } from './stat-of.ts'

/** The names Vitest looks for, the first one first. */
const NAMES = ['vitest.config', 'vite.config'].flatMap((name) =>
  ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'].map((extension) => name + extension),
)

/**
 * The configuration file that Vitest finds, for messages about one that cannot be used: it tells nobody which it was.
 *
 * @param cwd where it begins to look; it goes on in the folders above
 * @returns `undefined` when there is none
 */
export function findConfigFile(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    const found = NAMES.map((name) => path.join(folder, name)).find((file) => statOf(file)?.isFile() === true)
    if (found !== undefined || folder === path.dirname(folder)) return found
  }
}
