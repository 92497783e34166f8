import { stripLiteral } from 'strip-literal'
import { type MockCall, positionIn } from './mock-call.ts'

/*
 * Each of these reads on for a bounded number of characters: a file of one line must not cost the square of its length.
 */

/** `vi.mock('./a')`, `vi.mock<typeof import('./a')>('./a', …)`, `vi.doMock(import('./a'), …)` */
const MOCK =
  /\b(?<call>(?:vi|vitest)\s{0,20}\.\s{0,20}(?:mock|doMock))\s{0,20}(?:<[^()]{0,300}(?:\([^()]{0,300}\)[^()]{0,300})?>\s{0,20})?\(\s{0,200}(?:import\s{0,20}\(\s{0,20})?(['"`])(?<specifier>[^'"`\n]{1,500})\2/g
/** `vi.spyOn(executor.core, 'execute')`, `vi.spyOn<any, any>((core as any), 'execute' as any)` */
const SPY =
  /\b(?:vi|vitest)\s{0,20}\.\s{0,20}spyOn\s{0,20}(?:<[^()]{0,300}>\s{0,20})?\(\s{0,200}\(?\s{0,20}(?<name>[\w$]{1,200})(?<path>(?:\s{0,20}\.\s{0,20}[\w$]{1,200}){0,9})\s{0,20}(?:as\b[^'"`(),]{0,200})?\)?\s{0,20},\s{0,200}(?<quote>['"`])(?<key>[^'"`\n]{1,200})\k<quote>/g
/** `executor.core.execute = vi.fn()` */
const PATCH =
  /(?<![\w$.])(?<name>[\w$]{1,200})(?<path>(?:\s{0,20}\.\s{0,20}[\w$]{1,200}){0,9})\s{0,20}\.\s{0,20}(?<key>[\w$]{1,200})\s{0,20}=\s{0,20}(?:vi|vitest)\s{0,20}\.\s{0,20}fn\b/g
/** `import executor, { run as start } from './executor'`, `const { run } = await import('./executor')` */
const IMPORT =
  /\b(?:import\s{1,20}(?!type\b)(?<bindings>[\w$\s{},*]{1,2000}?)\s{1,20}from|(?:const|let|var)\s{1,20}(?<dynamic>[\w$\s{},:]{1,500}?)\s{0,20}=\s{0,20}await\s{1,20}import\s{0,20}\()\s{0,20}(?<mark>['"])(?<specifier>[^'"\n]{1,500})\k<mark>/g
/** `const executor = new Executor(`, `engine = await createEngine(` */
const MADE =
  /(?<![\w$.])(?<name>[\w$]{1,200})\s{0,20}(?::[^=\n]{1,200})?=\s{0,20}(?:await\s{1,20})?(?:new\s{1,20})?(?<maker>[\w$]{1,200})\s{0,20}[(<]/g

/**
 * Finds where the text of a module mocks other modules or spies on what it has imported or made of them: for a module
 * that cannot be parsed, as one in TypeScript where Vite is older than 8. It sees less than `mock-syntax.ts`.
 */
export function mockCallsInText(code: string): readonly MockCall[] {
  // Both of the same length: in one comments are blank, in the other texts are, too.
  const uncommented = stripLiteral(code, { filter: () => false })
  const bare = stripLiteral(code)
  const inCode = (pattern: RegExp): RegExpExecArray[] =>
    [...uncommented.matchAll(pattern)].filter(({ index }) => bare[index] === code[index])
  const sources = sourcesIn(inCode)
  const sourceOf = ({ groups }: RegExpExecArray): string | undefined =>
    groups?.['specifier'] ?? sources.get(groups?.['name'] ?? '')
  return [...inCode(MOCK), ...inCode(SPY), ...inCode(PATCH)]
    .toSorted((one, other) => one.index - other.index)
    .flatMap((match) => {
      const specifier = sourceOf(match)
      if (specifier === undefined) return []
      return [{ written: writtenOf(match), specifier, ...positionIn(code, match.index) }]
    })
}

/** Where each name of the module comes from: imported, or made by something that is. */
function sourcesIn(inCode: (pattern: RegExp) => RegExpExecArray[]): ReadonlyMap<string, string> {
  const sources = new Map<string, string>()
  for (const { groups } of inCode(IMPORT))
    for (const name of namesIn(groups?.['bindings'] ?? groups?.['dynamic'] ?? ''))
      sources.set(name, groups?.['specifier'] ?? '')
  for (const { groups } of inCode(MADE)) {
    const source = sources.get(groups?.['maker'] ?? '')
    if (source !== undefined) sources.set(groups?.['name'] ?? '', source)
  }
  return sources
}

/** The local names of `executor, { run as start, type Order }`, and of `{ run: start }`. */
function namesIn(bindings: string): readonly string[] {
  return bindings
    .split(/[{},]/)
    .map((part) => part.trim())
    .filter((part) => part !== '' && !part.startsWith('type '))
    .map((part) => part.split(/\s+as\s+|\s*:\s*/).at(-1) ?? part)
}

function writtenOf({ groups = {} }: RegExpExecArray): string {
  const { call, specifier, name, path, key } = groups
  if (specifier !== undefined) return `${close(call)}('${specifier}')`
  const owner = `${name}${close(path)}`
  return groups['quote'] === undefined ? `${owner}.${key} = vi.fn()` : `vi.spyOn(${owner}, '${key}')`
}

/** Without the spaces and line breaks that a formatter puts in. */
function close(text = ''): string {
  return text.replaceAll(/\s/g, '')
}
