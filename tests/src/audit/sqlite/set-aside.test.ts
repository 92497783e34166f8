import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { setAside } from '../../../../src/audit/sqlite/file/set-aside.ts'
import { temporaryFile } from '../temporary-file.ts'

function damagedFile(): string {
  const file = temporaryFile()
  for (const suffix of ['', '-wal', '-shm', '-journal']) writeFileSync(file + suffix, `bytes${suffix}`)
  return file
}

test('a damaged file is renamed with everything beside it, byte for byte', () => {
  const file = damagedFile()
  expect(setAside(file, 0, () => 'broken')).toEqual({
    detail: 'broken',
    aside: `${file}.corrupt.1970-01-01T00-00-00.000Z`,
  })
  const name = 'runs.db.corrupt.1970-01-01T00-00-00.000Z'
  expect(readdirSync(dirname(file))).toEqual([name, `${name}-journal`, `${name}-shm`, `${name}-wal`])
  expect(readFileSync(`${file}.corrupt.1970-01-01T00-00-00.000Z-wal`, 'utf8')).toBe('bytes-wal')
})

test('a file that another process has replaced meanwhile stays where it is', () => {
  const file = damagedFile()
  const before = readdirSync(dirname(file))
  expect(setAside(file, 0, () => undefined)).toBeUndefined()
  expect(readdirSync(dirname(file))).toEqual(before)
})

test('while one process sets a file aside another waits, and gives up after two seconds', () => {
  const file = damagedFile()
  mkdirSync(`${file}.setting-aside`)
  let refusal: unknown
  try {
    setAside(file, 0, () => 'broken')
  } catch (thrown) {
    refusal = thrown
  }
  expect(refusal).toMatchObject({
    code: 'E_AUDIT_LOCKED',
    message: expect.stringContaining(`damaged audit file ${file} aside`) as string,
    hint: expect.stringContaining(`remove the folder ${file}.setting-aside`) as string,
  })
  expect(existsSync(file)).toBe(true)
})

test('a look that fails leaves no lock behind', () => {
  const file = damagedFile()
  const look = (): never => {
    throw new Error('cannot look')
  }
  expect(() => setAside(file, 0, look)).toThrow('cannot look')
  expect(setAside(file, 0, () => 'broken')).toBeDefined()
})
