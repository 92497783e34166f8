import { readFileSync } from 'node:fs'
import path from 'node:path'

/*
 * Where this package is and what it is called. The build moves modules into shared files, so none of them finds another
 * by its way from itself: all count from the folder of the package.
 */

/** As source, each module is where its name says; built, it is there below `dist/`. */
const AS_SOURCE = import.meta.url.endsWith('.ts')

/** The folder of this package: the first one up that has its manifest. */
const FOLDER = packageFolder(import.meta.dirname)

/**
 * The absolute path of a module that is started or imported by its path. It is named in the build's list of entries,
 * `rolldown.config.ts`, or it is not there.
 *
 * @param name from the folder of the package, with slashes and without extension:
 *   `harness/vitest/worker/scenario-tests`
 */
export function modulePath(name: string): string {
  return path.join(FOLDER, AS_SOURCE ? `${name}.ts` : `dist/${name}.js`)
}

/** Its code: as source, as built, and as maps of what is built lead back to the source. */
const OWN_FOLDERS: readonly string[] = ['dist', 'harness', 'reporters', 'src'].map(
  (room) => `${slashed(FOLDER)}/${room}/`,
)

/** Whether a line of a stack is code of this package and not of whoever uses it. */
export function isOwnFrame(line: string): boolean {
  const plain = slashed(line)
  return OWN_FOLDERS.some((folder) => plain.includes(folder))
}

/** Whether a file is code of this package. */
export function isOwnFile(file: string): boolean {
  return OWN_FOLDERS.some((folder) => slashed(file).startsWith(folder))
}

/** The version of this package; `unknown` where its manifest has none. */
export function ownVersion(): string {
  const { version }: { version?: unknown } = readManifest(FOLDER) ?? {}
  return typeof version === 'string' ? version : 'unknown'
}

function slashed(text: string): string {
  return text.replaceAll('\\', '/')
}

function packageFolder(from: string): string {
  for (let folder = from; folder !== path.dirname(folder); folder = path.dirname(folder))
    if (readManifest(folder) !== undefined) return folder
  return from
}

/** The manifest of a folder; `undefined` where there is none. */
function readManifest(folder: string): { readonly version?: unknown } | undefined {
  try {
    const data: unknown = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
    return typeof data === 'object' && data !== null ? data : undefined
  } catch {
    return undefined
  }
}
