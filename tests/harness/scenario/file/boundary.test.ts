import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { isWithin, subjectFileProblem, workspaceRoot } from '../../../../harness/scenario/file/boundary.ts'

const base = realpathSync(mkdtempSync(join(tmpdir(), 'shakedown-boundary-')))
afterAll(() => rmSync(base, { recursive: true }))

function folderWith(path: string, files: Readonly<Record<string, string>> = {}): string {
  mkdirSync(join(base, path), { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(base, path, name), text)
  return join(base, path)
}

test.each([
  ['npm', { 'package.json': '{"workspaces":["packages/*"]}' }],
  ['pnpm', { 'pnpm-workspace.yaml': 'packages: [a]' }],
  ['git', { '.git': 'gitdir: elsewhere' }],
])('the root is the nearest workspace of %s, above packages of their own', (name, files) => {
  const root = folderWith(name, files)
  const inner = folderWith(`${name}/packages/a`, { 'package.json': '{}' })
  expect(workspaceRoot(inner)).toBe(root)
  expect(workspaceRoot(root)).toBe(root)
})

test('without a workspace it is the nearest package, also where its package.json cannot be read', () => {
  const root = folderWith('alone', { 'package.json': 'not JSON' })
  expect(workspaceRoot(folderWith('alone/a/b'))).toBe(root)
})

test('a folder is inside itself; one whose name begins with dots or with the same letters is judged by its parts', () => {
  expect(isWithin('/p', '/p')).toBe(true)
  expect(isWithin('/p/..a/b', '/p')).toBe(true)
  expect(isWithin('/pq', '/p')).toBe(false)
  expect(isWithin('/', '/p')).toBe(false)
})

test('a subject is judged by its real path, wherever the links are', () => {
  const root = folderWith('links', { 'ours.ts': '' })
  const outside = folderWith('outside', { 'theirs.ts': '', 'a.scenario.yaml': '' })
  symlinkSync(join(outside, 'theirs.ts'), join(root, 'theirs.ts'))
  symlinkSync(outside, join(root, 'folder'))
  symlinkSync(join(root, 'ours.ts'), join(root, 'again.ts'))
  const problem = (module: string): string | undefined =>
    subjectFileProblem(join(root, 'x.scenario.yaml'), module, root)
  for (const module of ['./ours.ts', './again.ts', './ours.js', './missing.ts', './missing/x.mjs'])
    expect(problem(module)).toBeUndefined()
  const ways = [
    './theirs.ts',
    './theirs.js',
    './folder/theirs.ts',
    './folder/missing.ts',
    './../outside/theirs.ts',
  ]
  for (const module of [...ways, './../links-too/x.ts', './folder/passwd'])
    expect(problem(module)).toBe('outside')
  for (const module of ['./ours', './.env', './ours.ts?raw', './%6furs.ts', './a\\b.ts', './ours.ts/../.env'])
    expect(problem(module)).toBe('no module')
  // A link to a scenario file takes its neighbours along.
  symlinkSync(join(outside, 'a.scenario.yaml'), join(root, 'a.scenario.yaml'))
  expect(subjectFileProblem(join(root, 'a.scenario.yaml'), './ours.ts', root)).toBe('outside')
})
