import { parseSync, Visitor } from 'oxc-parser'
import type { EcmaScriptModule, Program } from 'oxc-parser'
import { lineAt } from './source-tree.ts'
import type { SourceFile } from './source-tree.ts'

/** What the rules need to know of a module, read by a real parser: a regular expression also finds comments and strings. */
export interface ModuleFacts {
  /** `import`, `export … from`, `import('…')` and `import('…').Type`, in order of appearance. */
  readonly imports: readonly ModuleImport[]
  readonly starExportLines: readonly number[]
  /** `new Date()` or `Date()` without arguments: a clock read that no `Date.now` rule sees. */
  readonly currentDateLines: readonly number[]
}

export interface ModuleImport {
  readonly specifier: string
  readonly line: number
  /** The names imported; empty for a side effect, a namespace or an `import()`. */
  readonly names: readonly string[]
}

/** The parser's names for `export *` and `export * as name`. */
const STAR_KINDS = new Set<string>(['AllButDefault', 'All'])

export function moduleFacts(file: SourceFile): ModuleFacts {
  const { program, module, errors } = parseSync(file.path, file.text)
  if (errors.length > 0) throw new Error(`${file.path} does not parse: ${errors[0]!.message}`)
  const nodes = visitNodes(program)
  const line = (offset: number): number => lineAt(file.text, offset)
  const imports = [...staticImports(module), ...reExports(module), ...nodes.imports]
  const entries = module.staticExports.flatMap((statement) => statement.entries)
  return {
    imports: imports
      .toSorted((a, b) => a.offset - b.offset)
      .map(({ specifier, names, offset }) => ({ specifier, names, line: line(offset) })),
    starExportLines: entries
      .filter((entry) => STAR_KINDS.has(entry.importName.kind))
      .map((e) => line(e.start)),
    currentDateLines: nodes.currentDates.map(line),
  }
}

interface FoundImport {
  readonly specifier: string
  readonly names: readonly string[]
  readonly offset: number
}

function staticImports(module: EcmaScriptModule): FoundImport[] {
  return module.staticImports.map(({ moduleRequest, entries, start }) => ({
    specifier: moduleRequest.value,
    names: entries.flatMap((entry) => entry.importName.name ?? []),
    offset: start,
  }))
}

function reExports(module: EcmaScriptModule): FoundImport[] {
  return module.staticExports.flatMap(({ entries, start }) => {
    const from = entries[0]?.moduleRequest
    return from
      ? [{ specifier: from.value, names: entries.flatMap((e) => e.importName.name ?? []), offset: start }]
      : []
  })
}

/** What only the tree shows: dynamic imports, import types and the current date. */
function visitNodes(program: Program): { imports: FoundImport[]; currentDates: number[] } {
  const imports: FoundImport[] = []
  const currentDates: number[] = []
  new Visitor({
    ImportExpression: ({ source, start }) => {
      if (source.type === 'Literal')
        imports.push({ specifier: String(source.value), names: [], offset: start })
    },
    TSImportType: ({ source, start }) => {
      imports.push({ specifier: source.value, names: [], offset: start })
    },
    NewExpression: ({ callee, arguments: given, start }) => {
      if (callee.type === 'Identifier' && callee.name === 'Date' && given.length === 0)
        currentDates.push(start)
    },
    CallExpression: ({ callee, start }) => {
      if (callee.type === 'Identifier' && callee.name === 'Date') currentDates.push(start)
    },
  }).visit(program)
  return { imports, currentDates }
}
