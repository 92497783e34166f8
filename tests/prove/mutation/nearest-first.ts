import { readFileSync } from 'node:fs'
import path from 'node:path'
import { globSync } from 'tinyglobby'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { PART_VARIABLE, partNamed } from './scope.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Stryker's number of the mutant that is tried; none while it looks which tests reach which mutants. */
    activeMutant?: string
  }
}

/** How Stryker asks in the code whether a mutant is the one that is tried. */
const MUTANT = /\bstryMutAct_\w+\("(\d+)"\)/g

/** Comes first: a stall is told otherwise once any scenario of the process has left timers behind. */
const FIRST = /end-problem/

/**
 * Come last, in this order. Files that open real sockets leave some that close later: in the process of all files, a test
 * that expects a world in which nothing is waited for any more would wait for them.
 */
const LAST: readonly RegExp[] = [/http|hostile-subjects/, /runaway/]

/**
 * The first test that fails ends the work on a mutant, so the tests of the changed file come first, then those of its
 * folder, and so on.
 */
export class NearestFirst extends BaseSequencer {
  #files: ReadonlyMap<string, string> | undefined

  override sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const { root } = this.ctx.config
    const mutated = this.#mutatedFile(root)
    const ranked = specifications.map(
      (specification) =>
        [specification, rank(gitName(path.relative(root, specification.moduleId)), mutated)] as const,
    )
    return Promise.resolve(ranked.toSorted(([, one], [, other]) => one - other).map(([file]) => file))
  }

  #mutatedFile(root: string): string | undefined {
    const mutant = this.ctx.getRootProject().getProvidedContext().activeMutant
    if (mutant === undefined) return undefined
    this.#files ??= filesOfMutants(root, partNamed(process.env[PART_VARIABLE]).mutated)
    return this.#files.get(mutant)
  }
}

/** Which file holds which mutant, in the copy of the project whose code Stryker has changed. */
export function filesOfMutants(root: string, patterns: readonly string[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  for (const file of globSync([...patterns], { cwd: root }))
    for (const [, mutant] of readFileSync(path.join(root, file), 'utf8').matchAll(MUTANT))
      if (mutant !== undefined) files.set(mutant, gitName(file))
  return files
}

/** The lower, the sooner a test file runs. Names are Git's, from the root of the project. */
export function rank(testFile: string, mutated: string | undefined): number {
  const name = path.basename(testFile)
  if (FIRST.test(name)) return -1
  const last = LAST.findIndex((pattern) => pattern.test(name)) + 1
  return last * 100 + (mutated === undefined ? 0 : distance(testFile, mutated))
}

/** How many steps there are from the file's own tests, which mirror its place, to these. */
function distance(testFile: string, mutated: string): number {
  const own = `tests/${mutated.replace(/\.ts$/, '.test.ts')}`.split('/')
  const other = testFile.split('/')
  const apart = own.findIndex((part, depth) => part !== other[depth])
  return apart < 0 ? 0 : own.length - apart
}

function gitName(file: string): string {
  return file.replaceAll(path.sep, '/')
}
