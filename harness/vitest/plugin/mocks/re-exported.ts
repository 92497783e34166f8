import { readFile } from 'node:fs/promises'
import { type ReExports, reExportsOf } from './mock-syntax.ts'
import { type Parse, parsed } from './syntax.ts'

/** Modules that an export may pass through on its way to a test: barrels of barrels end somewhere. */
const HOPS_MAX = 10
/** Modules that are read for one mock, at a millisecond or so each: the barrels of a large project. */
const FILES_MAX = 500
/** Longest file that is read for what it exports again. */
const LENGTH_MAX = 1_000_000
const EXPORTS_AGAIN = /\bexport\b[^;]{0,10000}\bfrom\b|\bimport\b/

/** How modules find one another. */
export interface Modules {
  readonly parse: Parse
  /** The path of the file that a module means by a specifier; `undefined` for what is not there. */
  readonly resolve: (specifier: string, importer: string) => Promise<string | undefined>
}

/** A file, and what of its exports is asked about; `undefined` for all of them. */
interface Asked {
  readonly file: string
  readonly names: readonly string[] | undefined
}

/**
 * Whether a file exports something that it has from one of the subjects, through other files, too. Of many files the
 * nearest are looked at first.
 *
 * @param names of the exports that are asked about; `undefined` for all
 */
export async function reExportsSubject(
  modules: Modules,
  subjects: ReadonlySet<string>,
  file: string,
  names: readonly string[] | undefined,
): Promise<boolean> {
  const asked = new Set<string>()
  const read = new Map<string, ReExports | undefined>()
  let nearest: readonly Asked[] = [{ file, names }]
  for (let hops = 0; hops <= HOPS_MAX && nearest.length > 0; hops++) {
    const further: Asked[] = []
    for (const next of nearest) {
      if (subjects.has(next.file)) return true
      const key = `${next.file} ${next.names?.join() ?? '*'}`
      if (asked.has(key) || next.file.includes('/node_modules/')) continue
      asked.add(key)
      if (!read.has(next.file)) {
        if (read.size >= FILES_MAX) continue
        read.set(next.file, await reExportsIn(modules.parse, next.file))
      }
      const again = read.get(next.file)
      if (again !== undefined) further.push(...(await sourcesOf(modules, again, next)))
    }
    nearest = further
  }
  return false
}

/** Where a file has the exports from that are asked about. */
async function sourcesOf(modules: Modules, again: ReExports, { file, names }: Asked): Promise<Asked[]> {
  const sources: Asked[] = []
  const follow = async (specifier: string, wanted: readonly string[] | undefined): Promise<void> => {
    const source = await modules.resolve(specifier, file)
    if (source !== undefined) sources.push({ file: source, names: wanted })
  }
  for (const [exported, { specifier, name }] of again.named)
    if (names === undefined || names.includes(exported))
      await follow(specifier, name === '*' ? undefined : [name])
  const others = names?.filter((name) => !again.named.has(name))
  if (others?.length !== 0) for (const specifier of again.whole) await follow(specifier, others)
  return sources
}

async function reExportsIn(parse: Parse, file: string): Promise<ReExports | undefined> {
  try {
    const code = await readFile(file, 'utf8')
    if (code.length > LENGTH_MAX || !EXPORTS_AGAIN.test(code)) return undefined
    const program = parsed(parse, code, file)
    return program === undefined ? undefined : reExportsOf(program)
  } catch {
    // A file that is made up by a plugin is not there.
    return undefined
  }
}
