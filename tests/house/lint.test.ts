import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folders = ['src', 'reporters', 'harness', 'scenarios', 'tests']

const sleeps = "import { setTimeout } from 'node:timers/promises'\nvoid setTimeout"
const storage = "import { AsyncLocalStorage } from 'node:async_hooks'\nvoid AsyncLocalStorage"
const environment = "export const ci = process.env['CI']"
const firstOf = 'export const first = (list: string[]): string => list[0]!'
const longFile = '// one line\n'.repeat(301)
const longFunction = `export function long(): void {\n${'  void 0\n'.repeat(60)}}`

/** The house rules the linter keeps: the rule, what it refuses, where, and a place it spares. */
const rules: readonly (readonly [rule: string, bad: string, at: string, spared?: string])[] = [
  ['no-restricted-globals', 'setTimeout(() => {}, 1)', 'src/a.ts', 'src/world/a.ts'],
  ['no-restricted-globals', 'setInterval(() => {}, 1)', 'src/b.ts', 'harness/b.ts'],
  ['no-restricted-globals', 'globalThis.setImmediate(() => {})', 'src/c.ts'],
  ['no-restricted-globals', 'export const now = performance.now()', 'src/d.ts'],
  ['no-restricted-properties', 'export const now = Date.now()', 'src/e.ts', 'src/world/e.ts'],
  ['no-restricted-properties', 'export const { now } = Date', 'src/f.ts'],
  ['no-restricted-properties', 'export const luck = Math.random()', 'src/g.ts', 'harness/g.ts'],
  ['no-restricted-properties', 'export const signal = AbortSignal.any([])', 'src/h.ts'],
  ['no-restricted-properties', 'export const signal = AbortSignal.timeout(1)', 'src/i.ts'],
  ['no-restricted-imports', sleeps, 'src/j.ts', 'harness/j.ts'],
  ['no-restricted-imports', storage, 'src/k.ts', 'reporters/k.ts'],
  ['no-process-env', environment, 'harness/cli/run.ts', 'harness/settings/environment.ts'],
  ['no-process-env', environment, 'src/l.ts', 'tests/l.ts'],
  ['no-default-export', 'export default 1', 'harness/m.ts', 'harness/vitest/plugin.ts'],
  ['no-default-export', 'export default 1', 'scenarios/m/subject.ts', 'scenarios/m/flap.scenario.ts'],
  ['no-explicit-any', 'export const a: any = 1', 'tests/n.ts'],
  ['no-non-null-assertion', firstOf, 'reporters/o.ts', 'tests/o.ts'],
  ['no-floating-promises', 'Promise.resolve(1)', 'harness/p.ts'],
  ['max-lines', longFile, 'reporters/q.ts'],
  ['max-lines', longFile, 'tests/q.test.ts'],
  ['max-lines-per-function', longFunction, 'harness/r.ts', 'tests/r.ts'],
]

let project: string
let rulesBroken: Map<string, Set<string>>

/** One bad tree with the project's own configuration, linted once. */
beforeAll(async () => {
  project = await mkdtemp(path.join(tmpdir(), 'shakedown-lint-'))
  for (const file of ['.oxlintrc.json', 'tsconfig.json', 'package.json'])
    await cp(path.join(root, file), path.join(project, file))
  await symlink(path.join(root, 'node_modules'), path.join(project, 'node_modules'))
  for (const [, bad, ...places] of rules) {
    for (const place of places) {
      const file = path.join(project, place!)
      await mkdir(path.dirname(file), { recursive: true })
      await writeFile(file, `${bad}\n`)
    }
  }
  rulesBroken = await lint(project)
})

afterAll(() => rm(project, { recursive: true, force: true }))

test.each(rules)('%s refuses %j in %s', (rule, _bad, at) => {
  expect(rulesBroken.get(at!)).toContain(rule)
})

test.each(rules.filter(([, , , spared]) => spared))(
  '%s spares %j elsewhere than %s, in %s',
  (rule, _bad, _at, spared) => {
    expect(rulesBroken.get(spared!) ?? new Set()).not.toContain(rule)
  },
)

/** Which rules each file breaks; the linter exits with 1 when it has something to say, which is what is wanted here. */
async function lint(cwd: string): Promise<Map<string, Set<string>>> {
  const oxlint = path.join(root, 'node_modules/.bin/oxlint')
  const output = await new Promise<string>((resolve) => {
    execFile(oxlint, ['--format=json', ...folders], { cwd }, (_error, stdout) => resolve(stdout))
  })
  const { diagnostics } = JSON.parse(output) as { diagnostics: { filename: string; code: string }[] }
  const broken = new Map<string, Set<string>>()
  for (const { filename, code } of diagnostics)
    broken.set(filename, (broken.get(filename) ?? new Set()).add(code.replace(/^.*\(|\)$/g, '')))
  return broken
}
