import { spawn } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'
import { CliProject, ended, repository } from './cli-project.ts'

/** Starts several Vitests, on a machine that may be busy with other tests. */
const PATIENCE_MS = 60_000

/** A project whose one test warns twice and passes; its plugin allows so many warnings. */
function warningProject(allowed?: number): CliProject {
  const project = new CliProject()
  const options = allowed === undefined ? '' : `{ budgets: { warnings: ${allowed} } }`
  project.write(
    'vitest.config.ts',
    `import shakedown from 'shakedown/vitest'\nexport default { plugins: [shakedown(${options})] }`,
  )
  project.write(
    'warns.test.ts',
    `import { test } from 'vitest'
test('warns', () => {
  console.warn('one')
  console.warn('two')
})`,
  )
  return project
}

test(
  'a budget can be given by plugin, variable and flag, the later before the earlier, and exceeded ends with 3',
  async () => {
    using project = warningProject(1)
    const all = ['run', '--all']
    const plugin = await project.run(all)
    expect(plugin.exitCode).toBe(3)
    expect(project.report().gates).toEqual([{ name: 'warnings', limit: 1, actual: 2, ok: false }])
    const env = { SHAKEDOWN_BUDGETS_WARNINGS: '2' }
    const variable = await project.run(all, { env })
    expect(variable.exitCode).toBe(0)
    const flag = await project.run([...all, '--budgets-warnings', '0'], { env })
    expect(flag.exitCode).toBe(3)
    expect(project.report().gates).toEqual([{ name: 'warnings', limit: 0, actual: 2, ok: false }])
    const wrong = await project.run([...all, '--budgets-warnings', 'few'])
    expect(wrong.stderr.replaceAll(/\s+/g, ' ')).toContain('Expected a whole number from 0.')
    expect(wrong.exitCode).toBe(2)
  },
  PATIENCE_MS,
)

test(
  'timeouts within their budget pass, above it they end with 4',
  async () => {
    using project = new CliProject()
    project.write('vitest.config.ts', 'export default {}')
    project.write(
      'waits.test.ts',
      `import { test } from 'vitest'
test('waits', () => new Promise(() => {}), 20)`,
    )
    const within = await project.run(['run', '--all', '--budgets-timeouts', '1'])
    expect(within.exitCode).toBe(0)
    expect(project.report().run.status).toBe('passed')
    expect((await project.run(['run', '--all', '--budgets-timeouts', '0'])).exitCode).toBe(4)
    expect((await project.run(['run', '--all'])).exitCode).toBe(4)
  },
  PATIENCE_MS,
)

/** Ends with Vitest's own code, unless the plugin has another. */
function plainVitest(project: CliProject, args: readonly string[], more: Readonly<Record<string, string>>) {
  const vitest = path.join(repository, 'node_modules/vitest/vitest.mjs')
  const { VITEST: _, ...env } = process.env
  return ended(
    spawn(process.execPath, [vitest, 'run', ...args], { cwd: project.folder, env: { ...env, ...more } }),
  )
}

test(
  'under plain vitest run a budget counts, too',
  async () => {
    using project = warningProject(1)
    expect((await plainVitest(project, [], {})).exitCode).toBe(3)
    expect((await plainVitest(project, [], { SHAKEDOWN_BUDGETS_WARNINGS: '2' })).exitCode).toBe(0)
  },
  PATIENCE_MS,
)

test(
  'under plain vitest run only a budget that is exceeded acts',
  async () => {
    using project = warningProject()
    project.write(
      'rejects.test.ts',
      `import { test } from 'vitest'
test('rejects', () => { void Promise.reject(new Error('nobody waits')) })`,
    )
    // Vitest itself lets the rejection pass.
    const run = (more: Readonly<Record<string, string>>) =>
      plainVitest(project, ['--dangerouslyIgnoreUnhandledErrors'], more)
    expect((await run({ SHAKEDOWN_BUDGETS_WARNINGS: '5' })).exitCode).toBe(0)
    expect((await run({ SHAKEDOWN_BUDGETS_ASYNC_ERRORS: '0' })).exitCode).toBe(4)
  },
  PATIENCE_MS,
)
