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

async function found(...paths: readonly string[]): Promise<string[]> {
  const { files } = await findScenarios(paths, root)
  return files.map((file) => path.relative(root, file))
}

test('scenario files of every kind are found below the working directory', async () => {
  tree('b.scenario.yaml', 'a/deep/c.scenario.yml', 'a/d.scenario.ts', 'a/e.test.ts', 'scenario.yaml')
  await expect(found()).resolves.toEqual(['a/d.scenario.ts', 'a/deep/c.scenario.yml', 'b.scenario.yaml'])
})

test('only the paths that were named are searched, each file once', async () => {
  tree('a/x.scenario.yaml', 'a/y.scenario.yaml', 'b/z.scenario.yaml')
  await expect(found('a', 'a/x.scenario.yaml')).resolves.toEqual(['a/x.scenario.yaml', 'a/y.scenario.yaml'])
})

test("other people's folders are not searched", async () => {
  tree(
    'node_modules/p/a.scenario.yaml',
    'dist/b.scenario.yaml',
    'sub/dist/c.scenario.yaml',
    'd.scenario.yaml',
  )
  await expect(found()).resolves.toEqual(['d.scenario.yaml'])
})

test('a name with the letters of a pattern is just a name', async () => {
  tree('[a]{b}/x.scenario.yaml', 'a/y.scenario.yaml')
  await expect(found('[a]{b}')).resolves.toEqual(['[a]{b}/x.scenario.yaml'])
})

test('a link that leads back up is not followed for ever', async () => {
  tree('a/x.scenario.yaml')
  symlinkSync(root, path.join(root, 'a/loop'))
  await expect(found()).resolves.toEqual(['a/x.scenario.yaml'])
})

test('a path that is not there is refused with its nearest neighbour and the place it was looked for', async () => {
  tree('scenarios/x.scenario.yaml')
  await expect(found('scenarois')).rejects.toMatchObject({
    code: 'E_NO_SUCH_PATH',
    message: 'Expected scenarois to be a file or folder, got nothing there. Did you mean `scenarios`?',
    hint: `It was looked for at ${path.join(root, 'scenarois')}.`,
  })
})

test('a file that is no scenario is refused by what a scenario file is called', async () => {
  tree('flap.yaml')
  await expect(found('flap.yaml')).rejects.toMatchObject({
    code: 'E_NOT_A_SCENARIO',
    message: 'Expected flap.yaml to be a scenario file, got another name.',
    hint: expect.stringContaining('.scenario.yaml') as string,
  })
})

test('a folder without scenarios is refused by its name', async () => {
  tree('empty/readme.md')
  await expect(found('empty')).rejects.toMatchObject({
    code: 'E_NO_SCENARIOS',
    message: expect.stringContaining('in empty, got none') as string,
  })
})
