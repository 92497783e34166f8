import { cpSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseSync } from 'oxc-parser'
import { expect, test } from 'vitest'
import { CliProject, ended, quietEnvironment, repository } from './cli-project.ts'
import { spawn } from 'node:child_process'

const bin = path.join(repository, 'harness/cli/bin.ts')
const oldNode = path.join(repository, 'harness/settings/old-node.ts')

test('a Node that is too old is told so before anything is loaded that it could not', async () => {
  using project = new CliProject()
  project.write(
    'old-node.mjs',
    "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })",
  )
  const said = await project.run(['run'], { node: ['--import', project.path('old-node.mjs')] })
  expect(said.stderr).toMatch(/^shakedown needs Node 22\.20 or newer\. This is Node 20\.20\.2:\n/)
  expect(said.stderr).toContain(process.execPath)
  expect(said.stderr).toContain('npm install --save-dev node@24')
  expect(said.stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(23)
  expect(said.exitCode).toBe(2)
})

test('the bin says what package.json says, and imports nothing before it has looked', () => {
  const text = readFileSync(oldNode, 'utf8')
  const manifest: unknown = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8'))
  const [, oldest] = /NODE_MIN = '([\d.]+)'/.exec(text) ?? []
  expect(manifest).toMatchObject({ engines: { node: `>=${oldest}` } })
  for (const file of [bin, oldNode])
    expect(parseSync(file, readFileSync(file, 'utf8')).module.staticImports).toEqual([])
})

test('a damaged installation says so and exits with 5', async () => {
  using project = new CliProject()
  cpSync(bin, project.path('alone/bin.ts'))
  const said = await ended(spawn(process.execPath, [project.path('alone/bin.ts'), '--version']))
  expect(said.stderr).toMatch(/^shakedown could not be loaded; its installation is damaged\.\n/)
  expect(said.stderr).toContain('old-node.ts')
  expect(said.exitCode).toBe(5)
})

test.each([
  ['in a command', "process.stdout.write = () => { throw new TypeError('no paper') }"],
  [
    'where nobody waits',
    "process.once('newListener', (event) => setImmediate(() => { throw new TypeError('no paper') }))",
  ],
])('a fault of ours %s says so and exits with 5', async (_where, preload) => {
  using project = new CliProject()
  project.write('preload.mjs', preload)
  const said = await project.run(['--help'], { node: ['--import', project.path('preload.mjs')] })
  expect(said.stderr).toMatch(/^shakedown: E_INTERNAL\n\nThis is a fault of shakedown/)
  expect(said.stderr).toContain('TypeError: no paper')
  expect(said.exitCode).toBe(5)
})

test.each(['--help', '--version'])('a reader of %s that has seen enough is no fault', async (flag) => {
  using project = new CliProject()
  const child = project.start([flag])
  child.stdout?.destroy()
  const said = await ended(child)
  expect(said.stderr).toBe('')
  expect(said.exitCode).toBe(0)
})

test('it runs from its source as it does when it is built', { timeout: 60_000 }, async () => {
  using project = new CliProject('broken-suite')
  const args = ['--conditions=@shakedown/source', bin, 'run', 'good.scenario.yaml']
  const said = await ended(spawn(process.execPath, args, { cwd: project.folder, env: quietEnvironment() }))
  expect(said).toMatchObject({ exitCode: 0, stderr: '' })
  expect(said.stdout).toContain('✓ PASSED')
  expect(project.read('.shakedown/report.html')).toContain('</html>')
})
