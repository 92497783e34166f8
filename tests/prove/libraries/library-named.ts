import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** A library in one of its versions. */
export interface Library {
  readonly module: Record<string, unknown>
  /** `NAME VERSION`, as it was published. */
  readonly published: string
}

/** The library that `package.json` beside this file has under a name of its own. */
export async function libraryNamed(alias: string): Promise<Library> {
  const entry = fileURLToPath(import.meta.resolve(alias))
  const root = entry.slice(0, entry.lastIndexOf(alias) + alias.length)
  const { name, version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
    name: string
    version: string
  }
  const module = (await import(alias)) as Record<string, unknown>
  return { module, published: `${name} ${version}` }
}
