import { expect, test } from 'vitest'
import { createCleanText } from '../../../reporters/collect/clean-text.ts'
import { createProjectPaths } from '../../../reporters/collect/project-paths.ts'
import { createRedactor } from '../../../src/base/redact/redactor.ts'

const paths = createProjectPaths('/project/app')

test('files of the project are named from its root, others by the way to them', () => {
  expect(paths.relative('/project/app/tests/a.test.ts')).toBe('tests/a.test.ts')
  expect(paths.relative('file:///project/app/src/a.ts')).toBe('src/a.ts')
  expect(paths.relative('/project/shared/a.ts')).toBe('../shared/a.ts')
  expect(paths.relative('/project/application/a.ts')).toBe('../application/a.ts')
  expect(paths.relative('tests\\win.test.ts')).toBe('tests/win.test.ts')
})

test('what is no file path stays as it is', () => {
  expect(paths.relative('virtual:thing')).toBe('virtual:thing')
})

test('own sources are inside the root and not installed', () => {
  const own = ['/project/app/src/a.ts', 'file:///project/app/src/a.ts', 'src/a.ts']
  const others = [
    '/project/app/node_modules/x/a.js',
    '/project/other/a.ts',
    'node:internal/timers',
    '/project/application/a.ts',
  ]
  expect([...own, ...others].filter((file) => paths.isOwn(file))).toEqual(own)
})

test('the root is cut off every path in a text, and off nothing else', () => {
  expect(paths.inText('at /project/app/a.ts:1:2 (file:///project/app/b.ts) /project/application/c.ts')).toBe(
    'at a.ts:1:2 (b.ts) /project/application/c.ts',
  )
  expect(createProjectPaths('/').inText('/a/b')).toBe('/a/b')
})

test('a secret is found behind colour codes that stand in its middle', () => {
  const text = createCleanText(paths, createRedactor(['hunter22']))
  expect(text.clean('the \u001B[31mhunt\u001B[39mer22', 100)).toBe('the [redacted]')
})

test('a cut never leaves the first half of a secret', () => {
  const text = createCleanText(paths, createRedactor(['hunter22']))
  for (let length = 1; length < 20; length += 1)
    expect(text.clean('abc hunter22 def', length)).not.toContain('hunt')
})

test('a text that is too long is cut and says by how much', () => {
  const text = createCleanText(paths, createRedactor())
  expect(text.clean('abcdef', 4)).toBe('abcd\n… 2 more characters')
  expect(text.clean('abcd', 4)).toBe('abcd')
  expect(text.clean('x'.repeat(5_000_000), 10)).toBe('xxxxxxxxxx\n… 4999990 more characters')
})
