import { access, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { FAILING_SCENARIO, writeConsumerProject } from './consumer-project.ts'
import { modules, mustRun, packedPackage, run, type Packed } from './staged-package.ts'
import { has, needs } from '../support/systems.ts'

beforeEach((context) =>
  needs(context, 'posix', 'npm is a batch file on Windows, which cannot be started without a shell'),
)

/** What a user downloads. A third are sources: editors lead into readable code. */
const TARBALL_BYTES_MAX = 1024 * 1024

/** Two hundred and fifty modules are built into about sixty files; each costs a start half a millisecond. */
const BUILT_FILES_MAX = 80

/** Installing is mostly the network's business. */
const INSTALL_LIMIT_MS = 180_000

let folder: string
let tarball: string
/** What the build printed. */
let said: string
let packed: Packed['files']
/** Where it was built. */
let staged: string

beforeAll(async () => {
  if (!has('posix')) return
  folder = await mkdtemp(path.join(tmpdir(), 'shakedown-package-'))
  ;({ staged, tarball, said, files: packed } = await packedPackage())
}, INSTALL_LIMIT_MS)

afterAll(() => rm(folder, { recursive: true, force: true }))

function builtFiles(): readonly string[] {
  return packed.map((file) => file.path).filter((file) => /^dist\/.*\.js$/.test(file))
}

async function install(project: string, ...packages: string[]): Promise<void> {
  const quietly = ['--prefer-offline', '--no-audit', '--no-fund']
  await mustRun('npm', ['install', ...quietly, tarball, ...packages], project)
}

describe('the tarball', () => {
  test('holds the build, the sources its declarations lead to, and nothing of the workshop', () => {
    const published = [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'dist',
      'harness',
      'package.json',
      'reporters',
      'src',
    ]
    expect(new Set(packed.map((file) => file.path.split('/')[0]))).toEqual(new Set(published))
    expect(packed.filter((file) => /\.(test|bench|scenario)\.|fixtures|tsbuildinfo/.test(file.path))).toEqual(
      [],
    )
  })

  test('is built without a word', () => {
    expect(said).toBe('')
  })

  test('is small enough to install without a thought', async () => {
    expect((await stat(tarball)).size).toBeLessThan(TARBALL_BYTES_MAX)
  })

  test('carries the source of every declaration, and the map that leads an editor there', () => {
    const paths = new Set(packed.map((file) => file.path))
    const declared = [...paths].filter((file) => /^dist\/.*\.d\.ts$/.test(file))
    expect(declared).toContain('dist/src/index.d.ts')
    const wanted = declared.flatMap((file) => [`${file}.map`, file.replace(/^dist\/(.*)\.d\.ts$/, '$1.ts')])
    expect(wanted).toContain('src/engine.ts')
    expect(wanted.filter((file) => !paths.has(file))).toEqual([])
  })

  test('carries no folder of sources that no declaration leads to', () => {
    const paths = packed.map((file) => file.path)
    const declared = new Set(
      paths.filter((file) => /^dist\/.*\.d\.ts$/.test(file)).map((file) => path.dirname(file)),
    )
    const folders = new Set(
      paths
        .filter((file) => /^(?:harness|reporters|src)\/.*\.ts$/.test(file))
        .map((file) => path.dirname(file)),
    )
    expect([...folders].filter((sources) => !declared.has(`dist/${sources}`))).toEqual([])
  })

  test('declares what a program can import, and no module besides', () => {
    const declared = packed.map((file) => file.path).filter((file) => file.endsWith('.d.ts'))
    expect(declared).toContain('dist/src/engine.d.ts')
    expect(declared).not.toContain('dist/harness/cli/main.d.ts')
  })

  test('is built into a few files, which a start finds and reads in a moment', () => {
    expect(builtFiles().length).toBeLessThan(BUILT_FILES_MAX)
  })

  test.each(['zod', 'yaml'])('has what it uses of %s in one file, with its licence', async (name) => {
    const text = await readFile(path.join(staged, `dist/shared/${name}.js`), 'utf8')
    // Without white space: a statement follows on the one before.
    const imports = [...text.matchAll(/(?:^|[;}])import\b[^;"']*from\s*["']([^"']+)["']/gm)].map(
      ([, from]) => from,
    )
    expect(imports.filter((from) => from?.startsWith('node:') !== true)).toEqual([])
    expect(packed.map((file) => file.path)).toContain(`dist/shared/${name}.LICENSE`)
    const texts = await Promise.all(builtFiles().map((file) => readFile(path.join(staged, file), 'utf8')))
    const imported = new RegExp(
      `^(?:import|export)\\b.* from ["']${name}["']|^[^*]*\\b(?:import|require)\\(["']${name}["']`,
      'm',
    )
    expect(builtFiles().filter((_, index) => imported.test(texts[index]!))).toEqual([])
  })

  test('has the templates of the page as Handlebars compiled them, and does not load what compiles them', async () => {
    const texts = await Promise.all(builtFiles().map((file) => readFile(path.join(staged, file), 'utf8')))
    expect(texts.filter((text) => text.includes('handlebars/dist/handlebars.runtime.min.js'))).toHaveLength(1)
    expect(texts.filter((text) => text.includes('handlebars.min.js'))).toEqual([])
  })

  test('has the process that runs Vitest load no parser of the command line', async () => {
    const seen = new Set<string>()
    const imports = async (file: string): Promise<void> => {
      if (seen.has(file)) return
      seen.add(file)
      const text = await readFile(file, 'utf8')
      for (const [, name = ''] of text.matchAll(/^(?:import|export)\b[^'"]*["'](.+?)["'];?$/gm))
        if (name.startsWith('.')) await imports(path.join(path.dirname(file), name))
        else seen.add(name)
    }
    const of = async (entry: string): Promise<ReadonlySet<string>> => {
      seen.clear()
      const file = builtFiles().find((name) => name.endsWith(`/${entry}.js`))
      await imports(path.join(staged, file!))
      return new Set(seen)
    }
    expect(await of('program')).toContain('commander')
    expect(await of('vitest-work')).not.toContain('commander')
  })

  test('has an executable bin that begins with a shebang', async () => {
    const bin = packed.find((file) => file.path === 'dist/harness/cli/bin.js')
    expect(bin!.mode & 0o111).toBe(0o111)
    const text = await readFile(path.join(staged, bin!.path), 'utf8')
    expect(text).toMatch(/^#!\/usr\/bin\/env node\n/)
  })
})

describe.each([
  ['the newest supported Vitest', ['vitest@5.1.0']],
  ['the oldest supported Vitest', ['vitest@4.1.12', '@vitest/runner@4.1.12']],
])('in an empty project beside %s', (name, vitest) => {
  let project: string

  beforeAll(async () => {
    if (!has('posix')) return
    project = path.join(folder, name.replaceAll(' ', '-'))
    await writeConsumerProject(project)
    await install(project, ...vitest, '@types/node@24')
  }, INSTALL_LIMIT_MS)

  test('`npx vitest run` runs tests and scenarios and writes the report', { timeout: 60_000 }, async () => {
    const { exitCode, output } = await run('npx', ['vitest', 'run'], project)
    expect(output).toContain('2 passed')
    expect(exitCode).toBe(0)
    const report = JSON.parse(await readFile(path.join(project, '.shakedown/report.json'), 'utf8'))
    expect(report.totals).toMatchObject({ tests: 2, passed: 2, failed: 0 })
    for (const file of ['report.md', 'report.html']) await access(path.join(project, '.shakedown', file))
  })

  test('`npx shakedown run` runs the scenarios and writes the report', { timeout: 60_000 }, async () => {
    await rm(path.join(project, '.shakedown'), { recursive: true })
    const { exitCode, output } = await run('npx', ['shakedown', 'run'], project)
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 })
    const report = JSON.parse(await readFile(path.join(project, '.shakedown/report.json'), 'utf8'))
    expect(report.totals).toMatchObject({ tests: 1, passed: 1 })
  })

  test('a scenario that fails ends both with exit code 1', { timeout: 60_000 }, async () => {
    const file = path.join(project, 'failing.scenario.yaml')
    await writeFile(file, FAILING_SCENARIO)
    const both = [
      await run('npx', ['vitest', 'run'], project),
      await run('npx', ['shakedown', 'run'], project),
    ]
    await rm(file)
    expect(both.map(({ exitCode }) => exitCode)).toEqual([1, 1])
    for (const { output } of both) expect(output).toContain('one reset too many')
  })

  test('the stack of a subject has no frame of this package', { timeout: 60_000 }, async () => {
    const files = {
      'fetches.ts':
        'export const fetches = async (_input, { fetch }) => {\n  await fetch("http://orders.test/")\n}\n',
      'fetches.scenario.yaml':
        'name: fetches\nsubject: ./fetches.ts#fetches\nfaults: { "http:GET /": reset }\nexpect: { status: completed }\n',
    }
    for (const [file, text] of Object.entries(files)) await writeFile(path.join(project, file), text)
    const { exitCode } = await run('npx', ['shakedown', 'run', 'fetches.scenario.yaml'], project)
    for (const file of Object.keys(files)) await rm(path.join(project, file))
    expect(exitCode).toBe(1)
    const report = JSON.parse(await readFile(path.join(project, '.shakedown/report.json'), 'utf8'))
    const { stack } = report.scenarios.items[0].subjectError as { stack: string }
    expect(stack).toContain('fetches.ts')
    expect(stack).not.toMatch(/shakedown\/(?:dist|harness|src|reporters)\//)
  })

  test('every entry point has strict types that resolve', { timeout: 60_000 }, async () => {
    const ended = await run(path.join(modules, '.bin/tsc'), ['--project', '.'], project)
    expect(ended).toMatchObject({ exitCode: 0, output: '' })
  })

  test('the published schemas can be read by name', async () => {
    const script = `
      import runReport from 'shakedown/schema/run-report.json' with { type: 'json' }
      import scenario from 'shakedown/schema/scenario.json' with { type: 'json' }
      console.log(runReport.$schema === scenario.$schema)`
    expect(await run('node', ['--input-type=module', '--eval', script], project)).toMatchObject({
      output: 'true\n',
    })
  })
})

describe('in an empty project without Vitest', () => {
  let project: string

  beforeAll(async () => {
    if (!has('posix')) return
    project = path.join(folder, 'engine-only')
    await mkdir(project)
    await writeFile(path.join(project, 'package.json'), '{ "private": true, "type": "module" }')
    await install(project)
  }, INSTALL_LIMIT_MS)

  test('npm does not bring Vitest along', async () => {
    await expect(access(path.join(project, 'node_modules/vitest'))).rejects.toThrow('ENOENT')
  })

  test('the engine, the harness and the report work', async () => {
    const script = `
      import { createEngine, step } from 'shakedown'
      import { runScenario, scenario } from 'shakedown/harness'
      import 'shakedown/report'
      const double = step('double', (n) => n * 2)
      const result = await createEngine({ audit: 'runs.db' }).run(double, 21)
      const verdict = await runScenario(scenario('doubles').subject(double).input(4).expect({ output: 8 }))
      console.log(result.output, verdict.ok)`
    const ended = await run('node', ['--input-type=module', '--eval', script], project)
    expect(ended).toMatchObject({ exitCode: 0, output: '42 true\n' })
    await access(path.join(project, 'runs.db'))
  })
})
