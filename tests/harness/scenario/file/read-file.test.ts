import { mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readScenarioFile } from '../../../../harness/scenario/file/read-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'shakedown-scenario-'))
afterAll(() => rmSync(folder, { recursive: true }))

function fileWith(name: string, content: string | Uint8Array): string {
  const file = join(folder, name)
  writeFileSync(file, content)
  return file
}

const GOOD = 'name: x\nsubject: ./a.ts#b\n'

test('a file is read; a byte order mark moves nothing', () => {
  const [scenario] = readScenarioFile(fileWith('bom.scenario.yaml', `\uFEFF${GOOD}`)).scenarios
  expect(scenario!.spec.name).toBe('x')
  expect(scenario!.at).toEqual({ line: 1, column: 1 })
})

test('lines may end the way Windows ends them', () => {
  const [scenario] = readScenarioFile(
    fileWith('crlf.scenario.yaml', `${GOOD}seed: 7\n`.replaceAll('\n', '\r\n')),
  ).scenarios
  expect(scenario!.spec.seed).toBe(7)
  expect(scenario!.source.positions['/seed']).toEqual({ line: 3, column: 1 })
})

test('a file of 50 MB is refused without being read', () => {
  const file = fileWith('huge.scenario.yaml', '')
  truncateSync(file, 50_000_000)
  const before = process.memoryUsage().rss
  expect(() => readScenarioFile(file, { root: folder })).toThrow(
    'Expected huge.scenario.yaml to be a scenario file of at most 1048576 bytes, got 50000000 bytes.',
  )
  expect(process.memoryUsage().rss - before).toBeLessThan(25_000_000)
})

test('a file that is not UTF-8 is refused', () => {
  const file = fileWith('latin1.scenario.yaml', new Uint8Array([0x6e, 0x61, 0x6d, 0x65, 0x3a, 0x20, 0xe9]))
  expect(() => readScenarioFile(file, { root: folder })).toThrow(
    'Expected latin1.scenario.yaml to be UTF-8 text',
  )
})

test('a file that is not there, and a folder, are refused in words', () => {
  expect(() => readScenarioFile(join(folder, 'nowhere.scenario.yaml'), { root: folder })).toThrow(
    /Expected nowhere\.scenario\.yaml to be a scenario file that can be read, got ENOENT/,
  )
  expect(() => readScenarioFile(folder, { root: '/' })).toThrow(
    'to be a scenario file, got a directory or device.',
  )
})

test('a file is read once, until it changes', () => {
  const file = fileWith('once.scenario.yaml', GOOD)
  const first = readScenarioFile(file)
  expect(first.text).toBe(GOOD)
  expect(readScenarioFile(file)).toBe(first)
  writeFileSync(file, GOOD.replace('x', 'changed'))
  expect(readScenarioFile(file).scenarios[0]!.spec.name).toBe('changed')
  // Of the same length, written at another time.
  writeFileSync(file, GOOD.replace('x', 'another'))
  utimesSync(file, 1, 1)
  expect(readScenarioFile(file).scenarios[0]!.spec.name).toBe('another')
})

test('a file that was refused is read again, and keeps its text for those who show it', () => {
  const file = fileWith('mended.scenario.yaml', 'name: x\n')
  expect(() => readScenarioFile(file)).toThrow(expect.objectContaining({ text: 'name: x\n' }))
  expect(() => readScenarioFile(file)).toThrow('Expected a `subject`')
  writeFileSync(file, GOOD)
  expect(readScenarioFile(file).scenarios).toHaveLength(1)
})
