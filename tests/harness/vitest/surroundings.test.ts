import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { VitestProject, versions } from './vitest-project.ts'

/** Starts two Vitests, on a machine that may be busy with other tests. */
const PATIENCE_MS = 60_000

test.each(versions)(
  'Vitest %i: a variable wins over an option of the plugin, and a misspelt one is refused',
  async (version) => {
    using project = new VitestProject('suite', version, "shakedown({ reportDir: 'of-plugin', print: true })")
    project.env['SHAKEDOWN_REPORT_DIR'] = 'of-env'
    project.env['SHAKEDOWN_PRINT'] = 'no'
    const { output } = await project.vitest('run', 'good.scenario')
    expect(output).not.toContain('✓ PASSED')
    expect(existsSync(project.path('of-env/report.json'))).toBe(true)
    expect(existsSync(project.path('of-plugin'))).toBe(false)
    project.env['SHAKEDOWN_PRIMT'] = 'no'
    const refused = await project.vitest('run', 'good.scenario')
    expect(refused.output).toContain('Did you mean `SHAKEDOWN_PRINT`?')
    expect(refused.code).toBe(1)
  },
  PATIENCE_MS,
)

test.each(versions)(
  'Vitest %i: on a Node that is too old the plugin says so before it does anything',
  async (version) => {
    using project = new VitestProject('suite', version)
    project.write(
      'old-node.mjs',
      "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })",
    )
    project.nodeFlags.push('--import', project.path('old-node.mjs'))
    const { code, output } = await project.vitest('run', 'good.scenario')
    expect(output).toContain('shakedown needs Node 22.20 or newer. This is Node 20.20.2:')
    expect(code).toBe(1)
    expect(existsSync(project.path('.shakedown'))).toBe(false)
  },
  PATIENCE_MS,
)

test.each(versions)(
  'Vitest %i: what a reporter for programs prints stays what it is; the summary goes to the error stream',
  async (version) => {
    const reporters = ['json', 'junit'].map((name) => [name, { stdout: true }])
    for (const reporter of [...reporters, 'tap']) {
      using project = new VitestProject(
        'suite',
        version,
        `shakedown(), { name: 'printing', config: () => ({ test: { reporters: [${JSON.stringify(reporter)}] } }) }`,
      )
      const { stdout, output } = await project.vitest('run', 'ordinary')
      expect(output).toContain('✓ PASSED')
      expect(stdout.trim()).toMatch(/^(?:\{.*\}|<\?xml[\s\S]*<\/testsuites>|TAP version[\s\S]*\})$/)
    }
    using project = new VitestProject('suite', version, 'shakedown()')
    const file = await project.vitest('run', 'ordinary', '--reporter=json', '--outputFile=out.json')
    expect(file.stdout).toContain('✓ PASSED')
  },
  PATIENCE_MS,
)

test.each(versions)(
  'Vitest %i: what a worker compiles is kept for the next one',
  async (version) => {
    using project = new VitestProject('suite', version)
    project.env['NODE_COMPILE_CACHE'] = ''
    project.env['TMPDIR'] = project.path('tmp')
    project.write(
      'cached.test.ts',
      `import { getCompileCacheDir } from 'node:module'
import { expect, test } from 'vitest'
import ${JSON.stringify(createRequire(import.meta.url).resolve('yaml'))}
test('has a cache', () => expect(getCompileCacheDir()).toContain(${JSON.stringify(project.path('tmp'))}))
`,
    )
    mkdirSync(project.path('tmp'))
    const { code, output } = await project.vitest('run', 'cached')
    expect({ code, output }).toMatchObject({ code: 0 })
    expect(readdirSync(project.path('tmp/node-compile-cache'), { recursive: true }).length).toBeGreaterThan(5)
  },
  PATIENCE_MS,
)
