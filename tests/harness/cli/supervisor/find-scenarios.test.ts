import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findScenarios } from '../../../../harness/cli/supervisor/find-scenarios.ts'

let root: string

beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'shakedown-find-')))
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

function tree(...files: readonly string[]): void {
  for (const file of files) {
    mkdirSync(path.join(root, path.dirname(file)), { recursive: true })
    writeFileSync(path.join(root, file), '')
  }
}

function found(...paths: readonly string[]): string[] {
  const { files } = findScenarios(paths, root)
  return files.map((file) => path.relative(root, file))
}

test('scenario files of every kind are found below the working directory', () => {
  tree('b.scenario.yaml', 'a/deep/c.scenario.yml', 'a/d.scenario.ts', 'a/e.test.ts', 'scenario.yaml')
  expect(found()).toEqual(['a/d.scenario.ts', 'a/deep/c.scenario.yml', 'b.scenario.yaml'])
})

test('only the paths that were named are searched, each file once', () => {
  tree('a/x.scenario.yaml', 'a/y.scenario.yaml', 'b/z.scenario.yaml')
  expect(found('a', 'a/x.scenario.yaml')).toEqual(['a/x.scenario.yaml', 'a/y.scenario.yaml'])
})

test("other people's folders are not searched", () => {
  tree(
    'node_modules/p/a.scenario.yaml',
    'dist/b.scenario.yaml',
    'sub/dist/c.scenario.yaml',
    '.git/e.scenario.yaml',
    '.hidden.scenario.yaml',
    'd.scenario.yaml',
  )
  expect(found()).toEqual(['d.scenario.yaml'])
})

test('a name with the letters of a pattern is just a name', () => {
  tree('[a]{b}/x.scenario.yaml', 'a/y.scenario.yaml')
  expect(found('[a]{b}')).toEqual(['[a]{b}/x.scenario.yaml'])
})

test('a link that leads back up is not followed for ever', () => {
  tree('a/x.scenario.yaml')
  symlinkSync(root, path.join(root, 'a/loop'))
  expect(found()).toEqual(['a/x.scenario.yaml'])
})

test('a link to a file is found by its own name, also when what it leads to has another', () => {
  tree('shared/base.yaml', 'a/y.scenario.yaml')
  symlinkSync(path.join(root, 'shared/base.yaml'), path.join(root, 'a/x.scenario.yaml'))
  symlinkSync(path.join(root, 'nowhere'), path.join(root, 'a/z.scenario.yaml'))
  expect(found()).toEqual(['a/x.scenario.yaml', 'a/y.scenario.yaml'])
  expect(found('a/x.scenario.yaml')).toEqual(['a/x.scenario.yaml'])
})

test('a link that leads to itself is passed over in a folder, and refused when it is named', () => {
  tree('a/y.scenario.yaml')
  symlinkSync('x.scenario.yaml', path.join(root, 'a/x.scenario.yaml'))
  expect(found()).toEqual(['a/y.scenario.yaml'])
  expect(() => found('a/x.scenario.yaml')).toThrow(
    expect.objectContaining({
      code: 'E_NO_SUCH_PATH',
      message: 'Expected a/x.scenario.yaml to be a file or folder, got a link that leads to neither.',
    }),
  )
})

test.each([
  ['below a file', 'a/y.scenario.yaml/deeper'],
  ['too long for the system', 'x'.repeat(5_000)],
])('a path %s is refused like one that is not there', (_what, given) => {
  tree('a/y.scenario.yaml')
  expect(() => found(given)).toThrow(expect.objectContaining({ code: 'E_NO_SUCH_PATH' }))
})

test('a path that is not there is refused with its nearest neighbour and the place it was looked for', () => {
  tree('scenarios/x.scenario.yaml')
  expect(() => found('scenarois')).toThrow(
    expect.objectContaining({
      code: 'E_NO_SUCH_PATH',
      message:
        'Expected scenarois to be a file or folder, got nothing there, and no file whose path has that in it. Did you mean `scenarios`?',
      hint: `It was looked for at ${path.join(root, 'scenarois')}.`,
    }),
  )
})

test('a file that is no scenario is refused by what a scenario file is called', () => {
  tree('flap.yaml')
  expect(() => found('flap.yaml')).toThrow(
    expect.objectContaining({
      code: 'E_NOT_A_SCENARIO',
      message: 'Expected flap.yaml to be a scenario file, got another name.',
      hint: expect.stringContaining('.scenario.yaml') as string,
    }),
  )
})

test('a folder without scenarios is refused by its name', () => {
  tree('empty/readme.md')
  expect(() => found('empty')).toThrow(
    expect.objectContaining({
      code: 'E_NO_SCENARIOS',
      message: expect.stringContaining('in empty, got none') as string,
    }),
  )
})

test('part of a path finds what has it, as with Vitest; a file or folder of that name comes first', () => {
  tree(
    'orders/refund.scenario.yaml',
    'orders/send.scenario.yaml',
    'refund/x.scenario.yaml',
    'dist/refund.scenario.yaml',
  )
  expect(found('Send')).toEqual(['orders/send.scenario.yaml'])
  expect(found('orders/re', 'send')).toEqual(['orders/refund.scenario.yaml', 'orders/send.scenario.yaml'])
  expect(found('refund')).toEqual(['refund/x.scenario.yaml'])
  expect(() => found('refunds')).toThrow(
    'Expected refunds to be a file or folder, got nothing there, and no file whose path has that in it. Did you mean `refund`?',
  )
})
