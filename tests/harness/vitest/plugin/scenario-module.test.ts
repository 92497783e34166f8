import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Script } from 'node:vm'
import { afterAll, expect, test } from 'vitest'
import { scenarioModule } from '../../../../harness/vitest/plugin/scenario-module.ts'

const folder = mkdtempSync(join(tmpdir(), 'shakedown-module-'))
afterAll(() => rmSync(folder, { recursive: true }))

function moduleOf(text: string) {
  const file = join(folder, 'x.scenario.yaml')
  writeFileSync(file, text)
  return scenarioModule(file, '/worker.ts', { root: folder })
}

/** Where in the file the code of a module came from. */
function originOf({ code, map }: ReturnType<typeof moduleOf>, piece: string): string {
  const line = code.split('\n').findIndex((text) => text.includes(piece))
  const entry = new SourceMap({ ...map, sourceRoot: '' }).findEntry(line, 0) as {
    originalLine: number
    originalColumn: number
  }
  return `${entry.originalLine + 1}:${entry.originalColumn + 1}`
}

test('each scenario is a test of its own that leads back to its name', () => {
  const made = moduleOf('# comment\nname: one\nsubject: ./a.ts#b\n---\nsubject: ./a.ts#c\nname: two\n')
  expect(made.code).toContain('test("one", ')
  expect(originOf(made, 'test("one"')).toBe('2:1')
  expect(originOf(made, 'test("two"')).toBe('6:1')
})

test('each row is a test that leads back to the row', () => {
  const made = moduleOf('name: n ${x}\nsubject: ./a.ts#b\nwith:\n  - x: 1\n  - x: 2\n')
  expect(originOf(made, 'test("n 1"')).toBe('4:5')
  expect(originOf(made, 'test("n 2"')).toBe('5:5')
})

test('a subject is imported once, by a specifier that watch mode can read', () => {
  const { code } = moduleOf('name: one\nsubject: ./a.ts#b\n---\nname: two\nsubject: ./a.ts#c\n')
  expect(code.match(/import\("\.\/a\.ts"\)/g)).toHaveLength(1)
})

test('only and skip become modifiers; a skip with a reason is left to the test', () => {
  const { code } = moduleOf(
    ['only: true', 'skip: true', 'skip: later']
      .map((line, n) => `name: n${n}\nsubject: ./a.ts#b\n${line}\n`)
      .join('---\n'),
  )
  expect(code).toContain('test.only("n0"')
  expect(code).toContain('test.skip("n1"')
  expect(code).toContain('test("n2"')
})

test('what a file says cannot leave its string', () => {
  const { code } = moduleOf(
    `name: 'x"); throw new Error("out") //'\nsubject: ./a.ts#b\ninput: { __proto__: "\`\${1}\\u2028" }\n`,
  )
  const imports = /^import .+$/gm
  // Compiled, not run: what gets out of its string is a syntax error or a statement of its own.
  expect(() => new Script(code.replaceAll(imports, '').replaceAll('await ', ''))).not.toThrow()
  expect(code.split('\n').filter((line) => line.startsWith('test('))).toHaveLength(1)
})

test('a file with mistakes fails at the first of them, with all of them in the message', () => {
  const made = moduleOf('name: one\nsubject: ./a.ts#b\nexpcet: {}\nseed: x\n')
  expect(made.code).toContain('failFile(')
  expect(made.code).toContain('Did you mean `expect`?')
  expect(made.code).toContain('got \\\\\\"x\\\\\\".'.replaceAll('\\\\\\', '\\'))
  expect(originOf(made, 'failFile("')).toBe('3:1')
})

test('a file that cannot be read is a failing test file, not a failing run', () => {
  const { code } = scenarioModule(join(folder, 'nowhere.scenario.yaml'), '/worker.ts', { root: folder })
  expect(code).toContain('failFile(')
  expect(code).toContain('Expected nowhere.scenario.yaml to be a scenario file that can be read')
})

test('the rows of a table whose marks are asked for together have one more test, after the last of them', () => {
  const table = (name: string) =>
    `name: ${name}\nsubject: ./a.ts#b\nexpect:\n  sometimes: [probe]\nwith:\n  - x: 1\n  - x: 2\n`
  const made = moduleOf(`${table('n ${x}')}---\nname: other\nsubject: ./a.ts#b\n---\n${table('m ${x}')}`)
  const names = [...made.code.matchAll(/^test\("([^"]+)"/gm)].map(([, name]) => name)
  expect(names).toEqual(['n 1', 'n 2', 'n: sometimes probe', 'other', 'm 1', 'm 2', 'm: sometimes probe'])
  expect(originOf(made, 'test("n: sometimes probe", family0.test)')).toBe('4:3')
  expect(originOf(made, 'test("m: sometimes probe", family1.test)')).toMatch(/:3$/)
})
