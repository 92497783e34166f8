import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { CheckStatus, type Checker, type CheckResult } from '@stryker-mutator/api/check'
import type { Mutant } from '@stryker-mutator/api/core'
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin'
import { sampled } from './sample.ts'

/** Stryker asks its checkers which mutants are worth a test run; this one names those of the sample. */
const sampleChecker: Checker = {
  init: () => Promise.resolve(),
  group: (mutants) =>
    Promise.resolve(
      [...Map.groupBy(mutants, ({ fileName }) => fileName).values()].map((group) =>
        group.map(({ id }) => id),
      ),
    ),
  async check(mutants) {
    const results: Record<string, CheckResult> = {}
    for (const [file, ofFile] of Map.groupBy(mutants, ({ fileName }) => fileName)) {
      const chosen = sampled<Mutant>(ofFile, relative(file), await readFile(file, 'utf8'))
      for (const mutant of ofFile)
        results[mutant.id] = chosen.has(mutant)
          ? { status: CheckStatus.Passed }
          : { status: CheckStatus.CompileError, reason: 'not in the sample' }
    }
    return results
  },
}

/** The file's name as Git knows it, the same on every machine. */
function relative(file: string): string {
  return path.relative(process.cwd(), file).replaceAll(path.sep, '/')
}

/** What Stryker looks for in a plugin. */
export const strykerPlugins = [declareValuePlugin(PluginKind.Checker, 'sample', sampleChecker)]
