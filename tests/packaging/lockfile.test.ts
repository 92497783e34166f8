import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { missingBinaries, type Lockfile } from './lockfile.ts'
import { repository } from './staged-package.ts'

test('the lock file knows the binaries of every platform', async () => {
  const text = await readFile(path.join(repository, 'package-lock.json'), 'utf8')
  expect(missingBinaries(JSON.parse(text))).toEqual([])
})

test('a binary is found beside its tool, inside it, or at the root', () => {
  const tool = { version: '1.0.0', optionalDependencies: { '@tool/linux': '1.0.0', '@tool/darwin': '1.0.0' } }
  const binary = { version: '1.0.0' }
  const complete: Lockfile = {
    packages: {
      'node_modules/other/node_modules/tool': tool,
      'node_modules/other/node_modules/tool/node_modules/@tool/linux': binary,
      'node_modules/other/node_modules/@tool/darwin': binary,
      'node_modules/tool': tool,
      'node_modules/@tool/linux': binary,
      'node_modules/@tool/darwin': binary,
    },
  }
  expect(missingBinaries(complete)).toEqual([])
})

test.each([
  ['left out', {}],
  ['noted without a version', { 'node_modules/@tool/darwin': {} }],
  ['only there for somebody else', { 'node_modules/other/node_modules/@tool/darwin': { version: '1.0.0' } }],
])('a binary that is %s is missing', (_what, entry) => {
  const packages = {
    'node_modules/tool': { version: '1.0.0', optionalDependencies: { '@tool/darwin': '1.0.0' } },
    ...entry,
  }
  expect(missingBinaries({ packages })).toEqual(['tool needs @tool/darwin'])
})
