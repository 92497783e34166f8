import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'
import { adviceOnVitestOption } from '../../../harness/cli/vitest-options.ts'
import { VITEST_HOMES } from '../../support/built-package.ts'
import { repository } from './cli-project.ts'

/** The options that a command's `--help` names, without those that are a part of another. */
function optionsOf(program: string, ...args: readonly string[]): string[] {
  const help = execFileSync(process.execPath, [program, ...args, '--help'], {
    encoding: 'utf8',
    env: { NO_COLOR: '1' },
  })
  const named = help.matchAll(/^ {2}(?:(-[a-z]), )?(--[a-z][a-z-]*)/gim)
  return [...named].flatMap(([, short, long = '']) => (short === undefined ? [long] : [short, long]))
}

const ours = new Set(optionsOf(path.join(repository, 'harness/cli/bin.ts'), 'run'))
/** `--no-color` is listed by one of them as the opposite of what the other lists. */
const isOurs = (option: string): boolean => ours.has(option) || ours.has(option.replace('--no-', '--'))

test.each([4, 5] as const)(
  'each option of Vitest %i is one of ours, or there is advice on it',
  { timeout: 60_000 },
  (line) => {
    const theirs = optionsOf(path.join(VITEST_HOMES[line], 'node_modules/vitest/vitest.mjs'), 'run')
    expect(theirs.length).toBeGreaterThan(60)
    const unknown = theirs.filter((option) => !isOurs(option) && adviceOnVitestOption(option) === undefined)
    expect(unknown).toEqual([])
  },
)

test('there is no advice on an option of ours', { timeout: 60_000 }, () => {
  expect(ours.size).toBeGreaterThan(10)
  expect([...ours].filter((option) => adviceOnVitestOption(option) !== undefined)).toEqual([])
})
