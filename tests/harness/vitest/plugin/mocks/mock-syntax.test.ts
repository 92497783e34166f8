import { parseAst } from 'vitest/node'
import { expect, test } from 'vitest'
import { mayMock } from '../../../../../harness/vitest/plugin/mocks/mock-call.ts'
import { mockCallsIn, reExportsOf } from '../../../../../harness/vitest/plugin/mocks/mock-syntax.ts'
import { parsed, type SyntaxNode } from '../../../../../harness/vitest/plugin/mocks/syntax.ts'
import { SEEN, SILENT } from './mock-cases.ts'

function treeOf(code: string, file = 'a.test.ts'): SyntaxNode {
  const tree = parsed(parseAst, code, file)
  if (tree === undefined) throw new Error(`Not read: ${code}`)
  return tree
}

const found = (code: string): readonly string[] =>
  mockCallsIn(treeOf(code), code).map(
    ({ written, specifier, line, column }) => `${line}:${column} ${written} of ${specifier}`,
  )

const CORE = "import { core } from './a'\n"

test.for([
  ...SEEN,
  [`${CORE}Object.assign(core, { execute: async () => 1 })`, ['2:1 Object.assign(core, { execute }) of ./a']],
  [
    `${CORE}const fakes = { execute: vi.fn() }\nObject.assign(core, fakes)`,
    ['3:1 Object.assign(core, { … }) of ./a'],
  ],
  [`${CORE}Reflect.set(core, 'execute', vi.fn())`, ["2:1 Reflect.set(core, 'execute') of ./a"]],
  [
    `${CORE}Object.defineProperty(core, 'execute', { value: vi.fn() })`,
    ["2:1 Object.defineProperty(core, 'execute') of ./a"],
  ],
  [
    `${CORE}Object.defineProperties(core, { execute: { get: () => run } })`,
    ['2:1 Object.defineProperties(core, { execute }) of ./a'],
  ],
  [`${CORE}core.execute = async () => 1`, ['2:1 core.execute = … of ./a']],
  [`${CORE}core['execute'] = vi.fn(() => 1)`, ['2:1 core.execute = vi.fn() of ./a']],
  [`${CORE}const fake = vi.fn()\ncore.execute = fake`, ['3:1 core.execute = vi.fn() of ./a']],
  [`${CORE}const c = core\nvi.spyOn(c, 'run')`, ["3:1 vi.spyOn(c, 'run') of ./a"]],
  [`${CORE}const { inner } = core\nvi.spyOn(inner, 'run')`, ["3:1 vi.spyOn(inner, 'run') of ./a"]],
  [`${CORE}const key = 'run'\nvi.spyOn(core, key)`, ["3:1 vi.spyOn(core, 'run') of ./a"]],
  [`${CORE}vi.spyOn(core, \`run\`)`, ["2:1 vi.spyOn(core, 'run') of ./a"]],
  [`${CORE}vi.mockObject(core)`, ['2:1 vi.mockObject(core) of ./a']],
  [`${CORE}vi.spyOn(vi.mocked(core), 'run')`, ["2:1 vi.spyOn(…, 'run') of ./a"]],
  ["import { vi as v } from 'vitest'\nv.mock('./a')", ["2:1 v.mock('./a') of ./a"]],
  ["import * as t from 'vitest'\nt.vi.mock('./a')", ["2:1 t.vi.mock('./a') of ./a"]],
  ["const { doMock } = vi\ndoMock('./a')", ["2:1 doMock('./a') of ./a"]],
  ["const path = './a'\nvi.doMock(path)", ["2:1 vi.doMock('./a') of ./a"]],
  ["const a = await vi.importMock('./a')", ["1:17 vi.importMock('./a') of ./a"]],
  ["const a = await vi.hoisted(() => import('./a'))\nvi.spyOn(a, 'run')", ["2:1 vi.spyOn(a, 'run') of ./a"]],
  [
    "vi.hoisted(async () => {\n  const { core } = await import('./a')\n  core.run = vi.fn()\n})",
    ['3:3 core.run = vi.fn() of ./a'],
  ],
  ["const { core } = require('./a')\nvi.spyOn(core, 'run')", ["2:1 vi.spyOn(core, 'run') of ./a"]],
  // Columns count as editors do.
  [`${CORE}'😀é'; vi.spyOn(core, 'run')`, ["2:8 vi.spyOn(core, 'run') of ./a"]],
] as const)('%j is seen', ([code, calls]) => {
  expect(found(code)).toEqual(calls)
})

test.for([
  ...SILENT,
  // Another thing of the same name.
  `${CORE}test('x', () => {\n  const core = make()\n  vi.spyOn(core, 'run')\n})`,
  `${CORE}test('x', ({ core }) => {\n  vi.spyOn(core, 'run')\n})`,
  `${CORE}{ vi.spyOn(core, 'run')\n  let core }`,
  // Data, and how one listens.
  `${CORE}core.retries = 3`,
  `${CORE}core.onerror = vi.fn()\ncore.onMessage = () => {}`,
  `${CORE}Object.assign(core, { retries: 3 })`,
  `${CORE}Object.assign({}, core, { run: vi.fn() })`,
  `${CORE}Object.defineProperty(core, 'retries', { value: 3 })`,
  `${CORE}const Object = mine\nObject.assign(core, { run: vi.fn() })`,
  `${CORE}const helper = () => 1\ncore.mode = helper()`,
  // Not run.
  "const text = 'vi.mock(\"./a\")' // vi.mock('./b')\n/* vi.spyOn(core, 'run') */",
  'const text = `${"vi.mock(\'./a\')"}`',
  "const re = /vi.mock('.\\/a')/",
  "import { vi } from './my-own'\nvi.mock('./a')",
  "const vi = mine()\nvi.mock('./a')",
])('%j is nothing to remark', (code) => {
  expect(found(code)).toEqual([])
})

test('a mock that keeps the rest of a module is of what it replaces', () => {
  const namesIn = (code: string) => mockCallsIn(treeOf(code), code).map(({ names }) => names)
  expect(namesIn("vi.mock('./a', async (actual) => ({ ...(await actual()), now: vi.fn() }))")).toEqual([
    ['now'],
  ])
  const block = "vi.mock('./a', () => {\n  const all = 1\n  return { ...all, now: 1, then: 2 }\n})"
  expect(namesIn(block)).toEqual([['now', 'then']])
  expect(namesIn("vi.mock('./a', () => ({ now: vi.fn() }))")).toEqual([undefined])
  expect(namesIn("vi.mock('./a')")).toEqual([undefined])
})

test('what a module exports of others is told by name', () => {
  const { named, whole } = reExportsOf(
    treeOf(
      "import own, { b as c } from './b'\nexport * from './a'\nexport * as all from './d'\nexport { own, c as d }\nexport { x as default } from './e'\nexport const mine = 1",
    ),
  )
  expect(whole).toEqual(['./a'])
  expect([...named]).toEqual([
    ['all', { specifier: './d', name: '*' }],
    ['own', { specifier: './b', name: 'default' }],
    ['d', { specifier: './b', name: 'b' }],
    ['default', { specifier: './e', name: 'x' }],
  ])
})

test('every language of tests is read, and what is broken is not', () => {
  expect(found('vi.mock<any>("./a")')).toHaveLength(1)
  expect(mockCallsIn(treeOf('const x = <T,>(a: T) => <b />\nvi.mock("./a")', 'a.test.tsx'), '')).toHaveLength(
    1,
  )
  expect(mockCallsIn(treeOf('vi.mock("./a")', 'a.test.mjs'), '')).toHaveLength(1)
  expect(parsed(parseAst, 'vi.mock(', 'a.test.ts')).toBeUndefined()
})

test('only tests and what helps them are read', () => {
  expect(mayMock("test('x', () => { Object.assign(core, { run })})")).toBe(true)
  expect(mayMock("import { vi } from 'vitest'")).toBe(true)
  expect(mayMock("export const ok = /x/.test(text) && text.describe('x')")).toBe(false)
})
