import { realpathSync } from 'node:fs'
import { ConfigurationError } from '../../../../src/base/control.ts'
import { got } from '../../../../src/base/got.ts'
import type { FileRemark } from '../../../../reporters/collect/file-remark.ts'
import { EXECUTOR_MOCKED } from '../../../../reporters/report/scenarios.ts'
import { type MockCall, mayMock } from './mock-call.ts'
import { mockCallsIn } from './mock-syntax.ts'
import { mockCallsInText } from './mock-text.ts'
import { type Modules, reExportsSubject } from './re-exported.ts'
import { parsed, type SyntaxNode } from './syntax.ts'

/** Entry points of this package. */
const OWN = /^shakedown(?:\/|$)/

/** What of this package is no executor: a world is there to be scripted, its boundary to be set. */
const WORLDS: ReadonlySet<string> = new Set(['SimWorld', 'systemWorld'])

const LISTED = 'a module that `subjects` lists'

/** Looks for mocks of the engine, and of modules that tests should run and never mock. */
export class MockWatch {
  readonly #patterns: readonly string[]
  readonly #root: string
  #subjects: Promise<ReadonlySet<string>> | undefined

  /** @param patterns of the files that must not be mocked, relative to `root` */
  constructor(patterns: readonly string[], root: string) {
    this.#patterns = patterns
    this.#root = root
  }

  /** Whether a module is looked at: without subjects, only one that names this package can mock anything of ours. */
  looksAt(code: string): boolean {
    return (this.#patterns.length > 0 || code.includes('shakedown')) && mayMock(code)
  }

  /** What a report says of the mocks in a module. */
  async remarksOn(code: string, file: string, modules: Modules): Promise<readonly FileRemark[]> {
    const program = parsed(modules.parse, code, file)
    const remarks: FileRemark[] = []
    for (const call of callsIn(program, code)) {
      const what = await this.#mockedBy(call, file, modules)
      if (what !== undefined) remarks.push(remarkOn(call, what))
    }
    return remarks
  }

  async #mockedBy(
    { specifier, names }: MockCall,
    importer: string,
    modules: Modules,
  ): Promise<string | undefined> {
    if (OWN.test(specifier))
      return names?.every((name) => WORLDS.has(name)) === true ? undefined : 'the executor'
    const subjects = await (this.#subjects ??= subjectFiles(this.#patterns, this.#root))
    if (subjects.size === 0 || subjects.has(importer)) return undefined
    const file = await modules.resolve(specifier, importer)
    if (file === undefined) return undefined
    if (subjects.has(file)) return LISTED
    return (await reExportsSubject(modules, subjects, file, names)) ? LISTED : undefined
  }
}

/**
 * Refuses patterns of `subjects` that no file matches: a misspelt one would switch off the watch and be believed.
 *
 * @throws ConfigurationError with the first of them
 */
export async function requireSubjects(patterns: readonly string[], root: string): Promise<void> {
  for (const pattern of patterns) {
    // What is left out of others may be nothing.
    if (pattern.startsWith('!') || (await filesOf([pattern], root)).length > 0) continue
    throw new ConfigurationError(
      `Expected each of \`subjects\` of the Vitest plugin to match a file, got ${got(pattern)}, which matches none.`,
      { hint: `Paths and patterns are relative to ${root}: correct this one, or take it out.` },
    )
  }
}

/** A module that is nested deeper than the stack is read as text, like one that is no tree. */
function callsIn(program: SyntaxNode | undefined, code: string): readonly MockCall[] {
  try {
    if (program !== undefined) return mockCallsIn(program, code)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  return mockCallsInText(code)
}

/** The files that patterns mean, links followed. */
async function subjectFiles(patterns: readonly string[], root: string): Promise<ReadonlySet<string>> {
  const files = await filesOf(patterns, root)
  return new Set(files.map((file) => realpathSync.native(file).replaceAll('\\', '/')))
}

async function filesOf(patterns: readonly string[], root: string): Promise<readonly string[]> {
  if (patterns.length === 0) return []
  // Few projects list any.
  const { glob } = await import('tinyglobby')
  return glob([...patterns], { cwd: root, absolute: true, ignore: ['**/node_modules/**'] })
}

function remarkOn({ written, line, column }: MockCall, what: string): FileRemark {
  const message =
    `\`${written}\` replaces or watches ${what}, so the test may check the replacement only. Let the real thing run in a ` +
    "scenario and script the failure at its boundary, such as `.on('fn:save', 'reject(ECONNRESET)')`."
  return { code: EXECUTOR_MOCKED, message, line, column }
}
