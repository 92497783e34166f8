import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findVitest, VITEST_RANGE } from '../../../../harness/cli/supervisor/find-vitest.ts'

const repository = fileURLToPath(new URL('../../../..', import.meta.url))
let project: string

beforeEach(() => {
  project = mkdtempSync(path.join(tmpdir(), 'shakedown-vitest-'))
})

afterEach(() => rmSync(project, { recursive: true, force: true }))

function installVitest(manifest: string): void {
  const folder = path.join(project, 'node_modules/vitest')
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'package.json'), manifest)
  writeFileSync(path.join(folder, 'node.js'), '')
}

function vitest(version: string): string {
  return JSON.stringify({
    name: 'vitest',
    version,
    exports: { './node': './node.js', './package.json': './package.json' },
  })
}

test('the Vitest of this repository is found', () => {
  expect(findVitest(repository).version).toMatch(/^5\./)
})

test('the oldest supported Vitest is found where it is the nearer one', () => {
  expect(findVitest(path.join(repository, 'tests/fixtures/vitest-4')).version).toMatch(/^4\.1\./)
})

test.each(['4.1.0', '4.9.3', '5.0.0', '5.1.0-beta.2', '5.99.0'])('Vitest %s is supported', (version) => {
  installVitest(vitest(version))
  expect(findVitest(project)).toEqual({ version, nodeUrl: expect.stringMatching(/node\.js$/) as string })
})

test.each(['3.2.4', '4.0.18', '6.0.0', '6.0.0-alpha.1', '0.34.6'])('Vitest %s is refused', (version) => {
  installVitest(vitest(version))
  expect(() => findVitest(project)).toThrow(`Expected Vitest ${VITEST_RANGE}, got ${version}`)
})

test('a damaged installation is refused, not crashed on', () => {
  installVitest('{ "name": "vi')
  expect(() => findVitest(project)).toThrow(`Expected Vitest ${VITEST_RANGE}`)
})

test('a project without Vitest is told how to install it', () => {
  let thrown: unknown
  try {
    findVitest(project)
  } catch (error) {
    thrown = error
  }
  expect(thrown).toMatchObject({
    code: 'E_VITEST_MISSING',
    message: `Expected Vitest to be installed where ${project} can import it, got none.`,
    hint: expect.stringContaining('npm install --save-dev vitest') as string,
  })
})

test('what is supported is what the package says it is', () => {
  const manifest: unknown = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8'))
  expect(manifest).toMatchObject({ peerDependencies: { vitest: VITEST_RANGE } })
})
