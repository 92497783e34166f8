import { stripLiteral } from 'strip-literal'
import type { Position } from '../../scenario/scenario.ts'

/** A place in a test where something is replaced, or watched, instead of being run. */
export interface MockCall extends Position {
  /** As it is written: `vi.mock('./send-order.ts')`, `vi.spyOn(executor, 'execute')`. */
  readonly written: string
  /** The module that is mocked, or that what is spied on comes from. */
  readonly specifier: string
}

/** Whether a module is worth a closer look; most are not. */
export function mayMock(code: string): boolean {
  return MOCKS.test(code)
}

const MOCKS = /\b(?:vi|vitest)\s*\.\s*(?:mock|doMock|spyOn)\b/

/** `vi.mock('./a')`, `vi.doMock(import('./a'), …)` */
const MOCK =
  /\b(?:vi|vitest)\s*\.\s*(?:mock|doMock)\s*\(\s*(?:import\s*\(\s*)?(['"`])(?<specifier>[^'"`\n]+)\1/g
/** `vi.spyOn(executor.core, 'execute')` */
const SPY =
  /\b(?:vi|vitest)\s*\.\s*spyOn\s*\(\s*(?<name>[\w$]+)(?<path>(?:\s*\.\s*[\w$]+)*)\s*,\s*(['"`])(?<key>[^'"`\n]+)\3/g
/** `import executor, { run as start } from './executor'`, `import * as executor from './executor'` */
const IMPORT = /\bimport\s+(?!type\b)(?<bindings>[\w$\s{},*]+?)\s+from\s*(['"])(?<specifier>[^'"\n]+)\2/g
/** `const executor = new Executor(`, `const engine = await createEngine(` */
const MADE =
  /\b(?:const|let|var)\s+(?<name>[\w$]+)\s*(?::[^=\n]+)?=\s*(?:await\s+)?(?:new\s+)?(?<maker>[\w$]+)\s*[(<]/g

/**
 * Finds where the text of a module mocks other modules or spies on what it has imported or made of them.
 *
 * It reads the text and not the program: what is mocked by a name that is put together is not seen.
 */
export function mockCallsIn(code: string): readonly MockCall[] {
  // Of the same length: what is in comments and texts is blank.
  const bare = stripLiteral(code)
  const inCode = (pattern: RegExp): RegExpExecArray[] =>
    [...code.matchAll(pattern)].filter(({ index }) => bare[index] === code[index])
  const sources = sourcesIn(inCode)
  const mocks = inCode(MOCK).map((match) => ({ match, specifier: match.groups?.['specifier'] }))
  const spies = inCode(SPY).map((match) => ({ match, specifier: sources.get(match.groups?.['name'] ?? '') }))
  return [...mocks, ...spies]
    .toSorted((one, other) => one.match.index - other.match.index)
    .flatMap(({ match, specifier }) =>
      specifier === undefined
        ? []
        : [{ written: writtenOf(match), specifier, ...positionIn(code, match.index) }],
    )
}

/** Where each name of the module comes from: imported, or made by something that is. */
function sourcesIn(inCode: (pattern: RegExp) => RegExpExecArray[]): ReadonlyMap<string, string> {
  const sources = new Map<string, string>()
  for (const { groups } of inCode(IMPORT))
    for (const name of namesIn(groups?.['bindings'] ?? '')) sources.set(name, groups?.['specifier'] ?? '')
  for (const { groups } of inCode(MADE)) {
    const source = sources.get(groups?.['maker'] ?? '')
    if (source !== undefined) sources.set(groups?.['name'] ?? '', source)
  }
  return sources
}

/** The local names of `executor, { run as start, type Order }`. */
function namesIn(bindings: string): readonly string[] {
  return bindings
    .split(/[{},]/)
    .map((part) => part.trim())
    .filter((part) => part !== '' && !part.startsWith('type '))
    .map((part) => part.split(/\s+as\s+/).at(-1) ?? part)
}

function writtenOf({ 0: text, groups }: RegExpExecArray): string {
  const specifier = groups?.['specifier']
  if (specifier !== undefined) return `${/^[\w\s.]+/.exec(text)?.[0].replaceAll(/\s/g, '')}('${specifier}')`
  return `vi.spyOn(${groups?.['name']}${groups?.['path']?.replaceAll(/\s/g, '')}, '${groups?.['key']}')`
}

function positionIn(code: string, index: number): Position {
  const before = code.slice(0, index)
  return { line: before.split('\n').length, column: index - before.lastIndexOf('\n') }
}
