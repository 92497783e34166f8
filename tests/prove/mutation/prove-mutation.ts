import { rmSync } from 'node:fs'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import path from 'node:path'
import { Stryker } from '@stryker-mutator/core'
import type { StrykerOptions } from '@stryker-mutator/api/core'
import { judge } from './judge.ts'
import { tried } from './progress.ts'
import { PART_VARIABLE, PARTS, type Part } from './scope.ts'

/** A test run whose time is the net time of its tests, times Stryker's 1.5, plus this much, is a loop without an end. */
const TIMEOUT_MS = 20_000

/** Changes one part of the code in every place of the sample and runs the part's tests each time. */
async function tryMutants({ name, mutated }: Part, copies: string): Promise<void> {
  process.env[PART_VARIABLE] = name
  const options: Partial<StrykerOptions> = {
    mutate: [...mutated],
    checkers: ['sample'],
    testRunner: 'vitest',
    plugins: [
      import.meta.resolve('@stryker-mutator/vitest-runner'),
      path.join(import.meta.dirname, 'sample-checker.ts'),
      path.join(import.meta.dirname, 'progress.ts'),
    ],
    coverageAnalysis: 'perTest',
    timeoutMS: TIMEOUT_MS,
    // Half of what a mutant costs is Vitest's own start.
    concurrency: availableParallelism(),
    reporters: ['shakedown'],
    // Vitest strips types; Stryker's own preparation asks TypeScript's old API, which TypeScript 7 does not have.
    disableTypeChecks: false,
    tsconfigFile: 'none',
    // Outside the project, or its scenario files would be collected there as well.
    tempDirName: copies,
    cleanTempDir: 'always',
  }
  const vitest = { configFile: 'tests/prove/mutation/vitest.config.ts', related: false }
  await new Stryker({ ...options, vitest }).runMutationTest()
}

/** The part with only the files asked for; all of them where none was. */
function within({ mutated, ...part }: Part, files: readonly string[]): Part {
  if (files.length === 0) return { ...part, mutated }
  return {
    ...part,
    mutated: files.filter((file) => mutated.some((pattern) => path.matchesGlob(file, pattern))),
  }
}

/**
 * `npm run prove:mutation` changes the engine and the judge of scenarios in one place at a time, several hundred times, and
 * runs the tests that reach the place. A change that no test notices is printed with its place; too many of them, and it
 * ends with 1. Given files, it tries those alone: `npm run prove:mutation -- src/engine.ts`.
 */
async function proveMutation(copies: string, files: readonly string[]): Promise<number> {
  for (const part of PARTS.map((whole) => within(whole, files)))
    if (part.mutated.length > 0) await tryMutants(part, copies)
  const { text, ok } = judge(tried, process.cwd())
  process.stdout.write(`\n${text}\n`)
  return ok ? 0 : 1
}

const copies = await mkdtemp(path.join(tmpdir(), 'shakedown-mutation-'))
// Stryker ends the process on Ctrl-C; what was found until then is worth its sum.
const interrupted = (): void => {
  process.stdout.write(`\nInterrupted\n${judge(tried, process.cwd()).text}\n`)
  rmSync(copies, { recursive: true, force: true })
}
process.once('exit', interrupted)
try {
  // Packages are looked for upwards from the copy of the project that Stryker makes in there.
  await symlink(path.resolve('node_modules'), path.join(copies, 'node_modules'), 'junction')
  process.exitCode = await proveMutation(copies, process.argv.slice(2))
} finally {
  process.off('exit', interrupted)
  await rm(copies, { recursive: true, force: true })
}
