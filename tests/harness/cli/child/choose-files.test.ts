import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chooseFiles, requireFiles } from '../../../../harness/cli/child/choose-files.ts'

let cwd: string

beforeAll(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'shakedown-choose-'))
  mkdirSync(path.join(cwd, 'a'))
  mkdirSync(path.join(cwd, 'ab'))
  for (const file of ['a/x.scenario.yaml', 'ab/y.scenario.ts', 'a/z.test.ts'])
    writeFileSync(path.join(cwd, file), '')
})

afterAll(() => rmSync(cwd, { recursive: true, force: true }))

function chosen(
  places: readonly string[],
  scenariosOnly: boolean,
  projectFiles: readonly string[],
  parts: readonly string[] = [],
): string[] {
  const job = { cwd, places: places.map((place) => path.join(cwd, place)), parts, scenariosOnly }
  const files = projectFiles.map((file) => path.join(cwd, file))
  const choice = chooseFiles(files, job)
  requireFiles(choice, job)
  return choice.map((file) => path.relative(cwd, file))
}

const everything = ['a/x.scenario.yaml', 'ab/y.scenario.ts', 'a/z.test.ts']

test('without places all scenarios are chosen, or all tests', () => {
  expect(chosen([], true, everything)).toEqual(['a/x.scenario.yaml', 'ab/y.scenario.ts'])
  expect(chosen([], false, everything)).toEqual(['a/x.scenario.yaml', 'a/z.test.ts', 'ab/y.scenario.ts'])
})

test('a place is a folder or a file, never the beginning of a name', () => {
  expect(chosen(['a'], true, everything)).toEqual(['a/x.scenario.yaml'])
  expect(chosen(['a/z.test.ts'], false, everything)).toEqual(['a/z.test.ts'])
})

test('a folder may hold nothing as long as another does', () => {
  expect(chosen(['a', 'ab'], true, ['a/x.scenario.yaml'])).toEqual(['a/x.scenario.yaml'])
})

test('a file that was named and is left out is refused, also beside one that is not', () => {
  expect(() => chosen(['ab/y.scenario.ts', 'a'], true, ['a/x.scenario.yaml'])).toThrow(
    'Expected the Vitest of this project to run ab/y.scenario.ts, but its configuration leaves it out.',
  )
})

test('nothing at all is refused', () => {
  expect(() => chosen(['a'], true, [])).toThrow(
    'to run scenario files in a, but its configuration leaves none in.',
  )
  expect(() => chosen([], true, ['a/z.test.ts'])).toThrow(`to run scenario files in ${cwd}`)
})

test('part of a path takes all files that have it, capitals or not; one that none has is refused', () => {
  const files = ['a/x.scenario.yaml', 'ab/y.scenario.ts', 'a/z.test.ts']
  expect(chosen([], false, files, ['Z.TEST'])).toEqual(['a/z.test.ts'])
  expect(chosen(['a/z.test.ts'], false, files, ['b/y'])).toEqual(['a/z.test.ts', 'ab/y.scenario.ts'])
  expect(() => chosen([], false, files, ['q'])).toThrow(expect.objectContaining({ code: 'E_NO_SUCH_PATH' }))
  expect(() => chosen([], true, files, ['z.test'])).toThrow(
    'to run scenario files in z.test, but its configuration leaves none in.',
  )
})
