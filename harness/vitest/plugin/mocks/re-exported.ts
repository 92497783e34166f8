import { readFile } from 'node:fs/promises'
import { type ReExports, reExportsOf } from './mock-syntax.ts'
import { type Parse, parsed } from './syntax.ts'

/** Modules that one module may pass through on its way to a test: barrels of barrels end somewhere. */
const HOPS_MAX = 10
/** Longest file that is read for what it exports again. */
const LENGTH_MAX = 1_000_000
const EXPORTS_AGAIN = /\bexport\b[^;]{0,10000}\bfrom\b|\bimport\b/

/** How modules find one another. */
export interface Modules {
  readonly parse: Parse
  /** The path of the file that a module means by a specifier; `undefined` for what is not there. */
  readonly resolve: (specifier: string, importer: string) => Promise<string | undefined>
}

/**
 * Whether a file exports something that it has from one of the subjects, through other files, too.
 *
 * @param names of the exports that are asked about; `undefined` for all
 */
export async function reExportsSubject(
  modules: Modules,
  subjects: ReadonlySet<string>,
  file: string,
  names: readonly string[] | undefined,
  seen: Set<string> = new Set(),
): Promise<boolean> {
  if (subjects.has(file)) return true
  const key = `${file} ${names?.join() ?? '*'}`
  if (seen.size >= HOPS_MAX || seen.has(key) || file.includes('/node_modules/')) return false
  seen.add(key)
  const again = await reExportsIn(modules.parse, file)
  if (again === undefined) return false
  const follow = async (specifier: string, wanted: readonly string[] | undefined): Promise<boolean> => {
    const target = await modules.resolve(specifier, file)
    return target !== undefined && reExportsSubject(modules, subjects, target, wanted, seen)
  }
  for (const [exported, { specifier, name }] of again.named)
    if (names === undefined || names.includes(exported))
      if (await follow(specifier, name === '*' ? undefined : [name])) return true
  const others = names?.filter((name) => !again.named.has(name))
  if (others?.length === 0) return false
  for (const specifier of again.whole) if (await follow(specifier, others)) return true
  return false
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
