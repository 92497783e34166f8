import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseSync } from 'oxc-parser'
import { repository } from '../packaging/staged-package.ts'

/** Something an entry point exports. */
export interface PublicSymbol {
  readonly name: string
  /** What a user imports it from. */
  readonly entry: string
  /** Where it is declared, relative to the repository. */
  readonly file: string
  readonly kind: 'value' | 'type'
  /** The example in its own documentation; `undefined` without one. */
  readonly example: string | undefined
  /** The declaration as it is written. */
  readonly declaration: string
}

/** Code that a documentation comment shows. */
export interface Example {
  readonly file: string
  readonly line: number
  readonly code: string
}

/** Every symbol of every entry point, as `exports` in package.json lists them. */
export function publicSymbols(): PublicSymbol[] {
  const { exports } = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')) as {
    exports: Record<string, string | Record<string, string>>
  }
  return Object.entries(exports).flatMap(([subpath, conditions]) => {
    const source = typeof conditions === 'string' ? undefined : conditions['@shakedown/source']
    if (source === undefined) return []
    const entry = path.posix.join('shakedown', subpath)
    return exportsOf(entry, path.posix.normalize(source))
  })
}

/** The examples of a file, in the order they stand. */
export function examplesOf(file: string, text = read(file)): Example[] {
  return parseSync(file, text).comments.flatMap(({ type, value, start }) => {
    if (type !== 'Block' || !value.startsWith('*')) return []
    const code = exampleIn(value)
    if (code === undefined) return []
    const before = text.slice(0, start) + value.slice(0, value.indexOf('@example'))
    return [{ file, line: before.split('\n').length, code }]
  })
}

/** What stands after `@example`, up to the next tag that begins a line. */
function exampleIn(comment: string): string | undefined {
  const lines = comment.split('\n').map((line) => line.replace(/^\s*\* ?/, ''))
  const text = `\n${lines.join('\n')}`
  const [, code] = /[\s*]@example\b(.*?)(?=\n@\w|$)/s.exec(text) ?? []
  // Fences are for readers; the line stays, so that errors have their place.
  return code?.replaceAll(/^```.*$/gm, '').trim()
}

function exportsOf(entry: string, file: string): PublicSymbol[] {
  const { module } = parseSync(file, read(file))
  return module.staticExports.flatMap(({ entries }) =>
    entries.map(({ exportName, importName, localName, moduleRequest }) => {
      const name = exportName.name ?? 'default'
      if (moduleRequest === null) return declared(file, localName.name ?? 'default', { entry, name })
      const from = path.posix.join(path.posix.dirname(file), moduleRequest.value)
      return declared(from, importName.name ?? name, { entry, name })
    }),
  )
}

const DECLARES =
  /^\s*export\s+(?:default\s+)?(?:declare\s+|abstract\s+|async\s+)*(function|class|const|let|interface|type|enum)\b\s*\*?\s*([\w$]+)/

/** A class that the file exports further down, as a type alone. */
const CLASS = /^(class)\s+([\w$]+)/

/** Finds a declaration, through files that pass it on, and the comment right before it. */
function declared(file: string, local: string, known: Pick<PublicSymbol, 'entry' | 'name'>): PublicSymbol {
  const text = read(file)
  const { program, comments, module } = parseSync(file, text)
  const passedOn = module.staticExports
    .flatMap(({ entries }) => entries)
    .find(({ exportName, moduleRequest }) => exportName.name === local && moduleRequest !== null)
  if (passedOn?.moduleRequest) {
    const from = path.posix.join(path.posix.dirname(file), passedOn.moduleRequest.value)
    return declared(from, passedOn.importName.name ?? local, known)
  }
  for (const { start, end } of program.body) {
    const [, kind, found] = DECLARES.exec(text.slice(start, end)) ?? CLASS.exec(text.slice(start, end)) ?? []
    if (found !== local) continue
    const before = comments.findLast(
      (comment) => comment.end <= start && text.slice(comment.end, start).trim() === '',
    )
    const example = before === undefined ? undefined : exampleIn(before.value)
    return {
      ...known,
      file,
      kind: kind === 'interface' || kind === 'type' ? 'type' : 'value',
      example,
      declaration: text.slice(start, end),
    }
  }
  throw new Error(`${file} does not declare ${local}`)
}

function read(file: string): string {
  return readFileSync(path.join(repository, file), 'utf8')
}
