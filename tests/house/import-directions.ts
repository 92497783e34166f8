import path from 'node:path'
import { moduleFacts } from './module-facts.ts'
import type { ModuleImport } from './module-facts.ts'
import { isTypeScript } from './source-tree.ts'
import type { SourceFile, Violation } from './source-tree.ts'

/** The table of the architecture: which folders a folder may reach into by a relative path. */
const MAY_REACH: Readonly<Record<string, readonly string[]>> = {
  src: ['src'],
  reporters: ['reporters', 'src'],
  harness: ['harness', 'reporters', 'src'],
  // A scenario stands for a user's own folder, so it takes the package by its name and nothing by path.
  scenarios: ['scenarios'],
  tests: ['src', 'reporters', 'harness', 'scenarios', 'tests'],
}

/** Folders that are the package; importing it by name from inside would load a second copy of it when published. */
const PACKAGE_FOLDERS = new Set(['src', 'reporters', 'harness'])

/** Rooms that may know Vitest; everything else works, and can be tested, without it. */
const VITEST_ROOMS = ['reporters/collect/', 'reporters/worker/', 'harness/vitest/', 'tests/']

/** The engine touches files only to keep its audit trail. */
const FILE_ACCESS = /^(node:fs(\/promises)?|better-sqlite3)$/
const FILE_ACCESS_ROOM = 'src/audit/'

export function importDirections(files: readonly SourceFile[]): Violation[] {
  return files
    .filter((file) => isTypeScript(file) && folderOf(file.path) in MAY_REACH)
    .flatMap((file) =>
      moduleFacts(file).imports.flatMap((found) => {
        const message = brokenDirection(file.path, found)
        return message === undefined ? [] : [{ path: file.path, line: found.line, message }]
      }),
    )
}

function brokenDirection(from: string, { specifier, names }: ModuleImport): string | undefined {
  const folder = folderOf(from)
  if (specifier.startsWith('.')) {
    const target = resolveImport(from, specifier)
    return MAY_REACH[folder]!.includes(folderOf(target))
      ? undefined
      : `expected ${folder}/ to import only from ${MAY_REACH[folder]!.join('/, ')}/, got ${target}`
  }
  if (PACKAGE_FOLDERS.has(folder) && /^shakedown(\/|$)/.test(specifier))
    return `expected a relative path inside the package, got '${specifier}'`
  if (
    /^(vitest|@vitest\/[^/]+|vitest-4)(\/|$)/.test(specifier) &&
    !VITEST_ROOMS.some((room) => from.startsWith(room))
  )
    return `expected Vitest to be imported only in ${VITEST_ROOMS.join(', ')}, got '${specifier}'`
  if (folder === 'src' && FILE_ACCESS.test(specifier) && !from.startsWith(FILE_ACCESS_ROOM))
    return `expected the engine to touch files only in ${FILE_ACCESS_ROOM}, got '${specifier}'`
  if (PACKAGE_FOLDERS.has(folder) && specifier === 'node:process' && names.includes('env'))
    return `expected the environment to be read through process.env, which the linter watches, got an import of env`
  return undefined
}

/** The repository path a relative import points at. */
export function resolveImport(from: string, specifier: string): string {
  return path.posix.normalize(path.posix.join(path.posix.dirname(from), specifier))
}

/** The first segment of a path; a file at the root is its own folder. */
export function folderOf(file: string): string {
  return file.split('/', 1)[0]!
}
